/**
 * `npm run test:interop`: against real programs from Debian's packages. Apart
 * from `npm test`, since these have to be installed, and Postfix runs as root.
 */
import { mergeConfig } from 'vitest/config'
import base from './vitest.config.ts'

const { test, ...rest } = base

export default mergeConfig(rest, {
  test: {
    ...test,
    include: ['test/interop/**/*.test.ts'],
    exclude: [],
    testTimeout: 60_000,
    maxWorkers: 1,
  },
})
