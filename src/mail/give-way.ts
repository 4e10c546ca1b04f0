/**
 * Delivery gives way to requests. Where both run in one isolate, whoever times
 * a few pages right after asking would see whether a mail was being written
 * (OWASP Forgot Password: no difference in time); so every step of a delivery
 * waits for a moment in which nobody asks for anything.
 */

/** In milliseconds: longer than a client takes that asks for page after page. */
const MOMENT = 10
/** In milliseconds: what one delivery waits in all, so that a busy service still delivers. */
const LONGEST_WAIT = 2000

export interface Traffic {
  /** Called for every request. */
  arrived(): void
  /** For one delivery: what it awaits before each of its steps. */
  giveWay(): () => Promise<void>
}

/** The traffic of one isolate. */
export function createTraffic(): Traffic {
  let arrivals = 0
  return {
    arrived() {
      arrivals += 1
    },
    giveWay() {
      let seen = -1
      let waited = 0
      return async function untilQuiet() {
        while (seen !== arrivals && waited < LONGEST_WAIT) {
          seen = arrivals
          waited += MOMENT
          await new Promise((resolve) => setTimeout(resolve, MOMENT))
        }
      }
    },
  }
}
