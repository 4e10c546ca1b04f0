/**
 * Delivery gives way to requests. Where both run in one isolate, whoever times
 * a few pages right after asking would see whether a mail was being written
 * (OWASP Forgot Password: no difference in time); so every step of a delivery
 * waits for a moment in which nobody asks for anything.
 */

/** In milliseconds: longer than a client takes that asks for page after page. */
const MOMENT = 10
/** In milliseconds: what one delivery waits in all, so that a busy service still delivers. */
const DELIVERY_WAIT = 2000

export interface Traffic {
  /** Called for every request. */
  arrived(): void
  /** For one delivery: what it awaits before each of its steps. `longest` milliseconds in all. */
  giveWay(longest?: number): () => Promise<void>
}

/** The traffic of one isolate. */
export function createTraffic(): Traffic {
  let last = -Infinity
  return {
    arrived() {
      last = Date.now()
    },
    giveWay(longest = DELIVERY_WAIT) {
      let left = longest
      return async function untilQuiet() {
        for (let rest = restOf(last); rest > 0 && left > 0; rest = restOf(last)) {
          const wait = Math.min(rest, left)
          left -= wait
          await new Promise((resolve) => setTimeout(resolve, wait))
        }
      }
    },
  }
}

/** In milliseconds: what is left of the moment after a request. */
function restOf(arrival: number): number {
  return Math.min(MOMENT, arrival + MOMENT - Date.now())
}
