/**
 * The runtime's own sockets on Workers. The bundler's alias sends every literal
 * import of `cloudflare:sockets` to our guard; only a specifier that is
 * computed gets past it, to workerd.
 */
import type { Connect } from './socket.ts'

let known: Connect | undefined

/**
 * Workerd's `connect`; rejects on a runtime that has none. The function is
 * kept, not the promise of it: a request of a Worker cannot wait for another's.
 */
export async function runtimeConnect(): Promise<Connect> {
  known ??= await loadConnect()
  return known
}

async function loadConnect(): Promise<Connect> {
  const specifier = ['cloudflare', 'sockets'].join(':')
  const { connect }: { connect: Connect } = await import(specifier)
  return connect
}
