/** What we take from the Workers runtime beside its globals. */
declare module 'cloudflare:workers' {
  /** The Worker's bindings and settings; of use to an app that mounts us. */
  export const env: import('./workers.ts').Env
  /** Keeps the current invocation alive until the promise settles, also after the answer. */
  export function waitUntil(promise: Promise<unknown>): void
}
