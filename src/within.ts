/** Waits for `work` to be over, but for no longer than so many milliseconds. */
export async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const { promise: timeIsUp, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, milliseconds)
  try {
    await Promise.race([work, timeIsUp])
  } finally {
    clearTimeout(timer) // It would keep a process that has nothing else to do.
  }
}
