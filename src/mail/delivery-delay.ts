/**
 * Where delivery runs in the process that answers, it must not be readable from
 * contention: it starts at a random time after the answer.
 */
import type { Random } from '../account/random.ts'

/** In milliseconds. */
const LONGEST_DELAY = 2000

/** In milliseconds. */
export function randomDelay(random: Random): number {
  const [high = 0, low = 0] = random(2)
  return ((high * 256 + low) / 65536) * LONGEST_DELAY
}
