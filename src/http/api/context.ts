/**
 * What a request to the JSON API is known to be, and who may make it.
 */
import type { MiddlewareHandler } from 'hono'
import { parseClient } from '../../account/client.ts'
import { createPaths } from '../../paths.ts'
import { negotiateLocale, wordsOf } from '../../../templates/locales/index.ts'
import { createBrand } from '../../../templates/parts/brand.ts'
import type { AppEnv, AppServices } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { sameOrigin } from '../same-origin.ts'
import { bearerOf, sessionOf } from '../session-of.ts'

/** As for pages, but no cookie says which language. */
export function withServices(services: AppServices): MiddlewareHandler<AppEnv> {
  const { config, clientAddress } = services
  const { appName, defaultLocale, publicUrl } = config
  const fixed = { appName, brand: createBrand(config), paths: createPaths(publicUrl) }
  return async function withServices(c, next) {
    const locale = negotiateLocale(c.req.header('Accept-Language'), defaultLocale)
    c.set('services', services)
    c.set('view', { ...fixed, locale, t: wordsOf(locale) })
    c.set('client', parseClient(clientAddress(c.req.raw), c.req.header('User-Agent') ?? ''))
    await next()
  }
}

/**
 * The same-origin rule, also for GET: answers are data. A request with a bearer
 * token is excused, since no browser adds one by itself (ASVS 5.0 §3.5.1).
 */
export function oursOrBearer(publicUrl: URL): MiddlewareHandler<AppEnv> {
  const ours = sameOrigin(publicUrl)
  return async function oursOrBearer(c, next) {
    return bearerOf(c.req.raw) === undefined ? ours(c, next) : next()
  }
}

/** Lets nobody pass who is not signed in, by a bearer token or else by the cookie. */
export function authorized(): MiddlewareHandler<AppEnv> {
  return async function authorized(c, next) {
    const session = await sessionOf(c.var.services, c.req.raw)
    if (session === null) throw new Refusal('signed-out')
    c.set('session', session)
    await next()
  }
}
