/**
 * Doing something again that another process was in the way of, or an outage.
 */

/** In milliseconds, doubled each time. */
const FIRST_WAIT = 20
/** In milliseconds. */
const LONGEST_WAIT = 500
/**
 * In milliseconds, from the first try on: what fails after this is not tried again. What is waited for within
 * `work` counts, so that patience within patience takes about twice as long: far less than a lease of the outbox.
 */
const PATIENCE = 5000

/** Does `work` until it succeeds, fails for good, or patience is at its end; then throws what it threw last. */
export async function persist<Result>(
  work: () => Promise<Result>,
  mayPass: (error: Error) => boolean,
): Promise<Result> {
  const deadline = performance.now() + PATIENCE
  for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Error && mayPass(error)) || performance.now() >= deadline) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}
