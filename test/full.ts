/**
 * Whether `npm run test:full` is what runs: statistics, repetition, and whatever
 * else is long by nature.
 */
export const full = process.env['FULL'] === '1'
