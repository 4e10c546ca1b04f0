/** What we take from the Workers runtime beside its globals. */
declare module 'cloudflare:workers' {
  /** Keeps the current invocation alive until the promise settles, also after the answer. */
  export function waitUntil(promise: Promise<unknown>): void
}
