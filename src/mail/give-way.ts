/**
 * Delivery gives way to requests. Where both run in one isolate, whoever times
 * a few pages right after asking would see whether a mail was being written
 * (OWASP Forgot Password: no difference in time); so every step of a delivery
 * waits for a moment in which nobody asks for anything.
 */

/** In milliseconds: longer than a client takes that asks for page after page. */
const MOMENT = 10
/** In milliseconds: how soon it is seen that all are answered. */
const LOOK_EVERY = 5
/**
 * In milliseconds: how long an answer is waited for. One that takes longer waits for something itself,
 * as a slow client is, or was dropped: a Worker drops what a client has hung up on, and says nothing of it.
 */
const ANSWER_WAIT = 250
/** In milliseconds: what one delivery waits in all, so that a busy service still delivers. */
const DELIVERY_WAIT = 2000

export interface Traffic {
  /** Called for every request; what it returns is called once it is answered. */
  arrived(): () => void
  /** For one delivery: what it awaits before each of its steps. `longest` milliseconds in all. */
  giveWay(longest?: number): () => Promise<void>
}

/** The traffic of one isolate. */
export function createTraffic(): Traffic {
  let last = -Infinity
  /** When each came, oldest first. */
  const unanswered = new Map<symbol, number>()

  function forgetOld(now: number): void {
    for (const [request, arrival] of unanswered) {
      if (now - arrival < ANSWER_WAIT) return
      unanswered.delete(request)
    }
  }

  /** In milliseconds: what is left of the moment after a request, and until the next look while some are unanswered. */
  function restNow(): number {
    const now = Date.now()
    forgetOld(now)
    const rest = Math.min(MOMENT, last + MOMENT - now)
    return unanswered.size > 0 ? Math.max(rest, LOOK_EVERY) : rest
  }

  return {
    arrived() {
      last = Date.now()
      forgetOld(last)
      const request = Symbol('request')
      unanswered.set(request, last)
      return () => void unanswered.delete(request)
    },
    giveWay(longest = DELIVERY_WAIT) {
      let left = longest
      return async function untilQuiet() {
        for (let rest = restNow(); rest > 0 && left > 0; rest = restNow()) {
          const [wait, from] = [Math.min(rest, left), Date.now()]
          await new Promise((resolve) => setTimeout(resolve, wait))
          left -= Math.max(wait, Date.now() - from) // A hash in between holds every timer up.
        }
      }
    },
  }
}
