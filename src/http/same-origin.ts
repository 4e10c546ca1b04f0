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
    const site = c.req.header('Sec-Fetch-Site')
    const origin = c.req.header('Origin')
    if (!isOurs(publicUrl, site, origin, options)) throw new Refusal('forbidden')
    await next()
  }
}

function isOurs(
  publicUrl: URL,
  site: string | undefined,
  origin: string | undefined,
  { allowNullOrigin = false }: SameOriginOptions,
): boolean {
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  if (origin === undefined || origin === publicUrl.origin) return true
  return allowNullOrigin && origin === 'null'
}
