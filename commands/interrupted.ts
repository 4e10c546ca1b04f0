/**
 * Ctrl-C, for work that ends in order: between two batches, or without leaving
 * half a file.
 */

/** Whether somebody has asked to end; from the call on, a signal no longer ends the process by itself. */
export function watchSignals(): () => boolean {
  let asked = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => (asked = true))
  return () => asked
}
