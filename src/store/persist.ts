/**
 * Doing something again that another process was in the way of, or an outage.
 */

/** In milliseconds, doubled each time. */
const FIRST_WAIT = 20
/** In milliseconds. */
const LONGEST_WAIT = 500
/** In milliseconds: for one piece of work. Far less than a lease of the outbox. */
const PATIENCE = 5000

/** Does `work` until it succeeds, fails for good, or patience is at its end; then throws what it threw last. */
export async function persist<Result>(
  work: () => Promise<Result>,
  mayPass: (error: Error) => boolean,
): Promise<Result> {
  let waited = 0
  for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Error && mayPass(error)) || waited >= PATIENCE) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, wait))
    waited += wait
  }
}
