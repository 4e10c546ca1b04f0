/**
 * The runtime's own sockets on Workers. The bundler's alias sends every literal
 * import of `cloudflare:sockets` to our guard; only a specifier that is
 * computed gets past it, to workerd.
 */
import type { Connect } from './socket.ts'

let loading: Promise<Connect> | undefined

/** Workerd's `connect`, imported once. Rejects on a runtime that has none. */
export function runtimeConnect(): Promise<Connect> {
  loading ??= loadConnect()
  return loading
}

async function loadConnect(): Promise<Connect> {
  const specifier = ['cloudflare', 'sockets'].join(':')
  const { connect }: { connect: Connect } = await import(specifier)
  return connect
}
