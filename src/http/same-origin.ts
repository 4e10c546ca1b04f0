/**
 * The same-origin rule for everything that changes something (ASVS 5.0 §3.5.1).
 *
 * Browsers say in `Sec-Fetch-Site` where a request comes from; older ones send
 * `Origin`. A client that sends neither is no browser and carries nobody's cookies.
 */
import type { MiddlewareHandler } from 'hono'
import { Refusal } from './refusal.ts'

export interface SameOriginOptions {
  /** For posts to a link: there the token is the authority and no cookie is read. */
  allowNullOrigin?: boolean
}

export function sameOrigin(publicUrl: URL, options: SameOriginOptions = {}): MiddlewareHandler {
  return async function sameOrigin(c, next) {
    if (!isOurs(c.req.raw, publicUrl, options)) throw new Refusal('forbidden')
    await next()
  }
}

/** Whether a page of ours has sent it, or no browser. */
export function isOurs(
  { headers }: Request,
  publicUrl: URL,
  { allowNullOrigin = false }: SameOriginOptions = {},
): boolean {
  const site = headers.get('Sec-Fetch-Site')
  const origin = headers.get('Origin')
  if (site !== null) return site === 'same-origin' || site === 'none'
  if (origin === null || origin === publicUrl.origin) return true
  return allowNullOrigin && origin === 'null'
}
