/**
 * Ctrl-C, for work that ends in order: between two batches, or without leaving
 * half a file.
 */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Whether somebody has asked to end; from the call on, a signal no longer ends the process by itself. */
export function watchSignals(): () => boolean {
  let asked = false
  for (const signal of SIGNALS) process.on(signal, () => (asked = true))
  return () => asked
}

/** For work that may be left where it is, but not what it has opened. A second signal ends the process by itself. */
export function untilSignal(): Promise<'signal'> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve('signal'))
  })
}
