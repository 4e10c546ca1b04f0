/**
 * When a mail that could not be delivered is tried again.
 */
import type { Random } from '../account/random.ts'

/** In seconds. */
const FIRST_WAIT = 5
/** In seconds: once a mail server is back, what waited is out within a quarter of an hour. */
const LONGEST_WAIT = 15 * 60
/** In seconds. RFC 5321 §4.5.4.1: the give-up time needs to be at least four to five days. */
const GIVE_UP_AFTER = 5 * 24 * 3600

/**
 * Unix seconds of the next attempt, or null when it is time to give up.
 * Exponential, with a quarter of jitter either way, so that what failed
 * together does not come back together.
 */
export function nextAttemptAt(
  { attempts, createdAt }: { attempts: number; createdAt: number },
  now: number,
  random: Random,
): number | null {
  if (now - createdAt >= GIVE_UP_AFTER) return null
  const wait = Math.min(FIRST_WAIT * 2 ** Math.min(attempts - 1, 20), LONGEST_WAIT)
  const jitter = 0.75 + (random(1)[0] ?? 0) / 512
  return now + Math.max(1, Math.round(wait * jitter))
}
