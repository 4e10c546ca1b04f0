/**
 * What a request is known to be by the time its handler runs.
 */
import type { Context, MiddlewareHandler } from 'hono'
import { type Client, parseClient } from '../account/client.ts'
import type { Services, Session } from '../account/services.ts'
import type { Config } from '../config.ts'
import type { OutboxFigures } from '../mail/outbox.ts'
import type { Report } from '../mail/reports.ts'
import { findSession } from '../account/session.ts'
import { createPaths } from '../paths.ts'
import { isLocale, type Locale, negotiateLocale, wordsOf } from '../../templates/locales/index.ts'
import type { Pages } from '../../templates/pages/index.ts'
import { createBrand } from '../../templates/parts/brand.ts'
import type { View } from '../../templates/view.ts'
import { readLanguageCookie, readSessionCookie, setLanguageCookie } from './cookies.ts'
import { Refusal } from './refusal.ts'
import { isOurs } from './same-origin.ts'

export interface AppServices extends Services {
  pages: Pages
  /** CSS of an app around us. */
  pageStyle: string
  /** The network address a request came from, as the platform knows it and no client can forge (ASVS 5.0 §15.3.4). */
  clientAddress: (request: Request) => string
  /** Told of every request, and by what it returns of the answer: delivery gives way to them. */
  requestArrived: () => () => void
  outboxFigures: () => Promise<OutboxFigures>
  /** Throws when the database is away or has no tables yet; reads no row. */
  checkDatabase: () => Promise<void>
  report: Report
  log: (line: Record<string, unknown>) => void
}

export interface AppEnv {
  Variables: {
    services: AppServices
    view: View
    client: Client
    /** Values of the body, once it was read. */
    confided?: readonly string[]
    /** Set by `signedIn`. */
    session: Session
  }
}

export type AppContext = Context<AppEnv>

/** Comes before everything else, whatever the answer will be. */
export function announced({ requestArrived }: AppServices): MiddlewareHandler<AppEnv> {
  return function announced(_c, next) {
    const answered = requestArrived()
    return next().finally(answered)
  }
}

export function withServices(services: AppServices): MiddlewareHandler<AppEnv> {
  const viewOf = createViews(services)
  return async function withServices(c, next) {
    c.set('services', services)
    c.set('view', viewOf(chooseLocale(c, services.config)))
    c.set(
      'client',
      parseClient(services.clientAddress(c.req.raw), c.req.header('User-Agent') ?? ''),
    )
    await next()
  }
}

/** One view for each language, the same for every request: what is rendered from it alone is kept by it. */
function createViews({ config, pageStyle }: AppServices): (locale: Locale) => View {
  const { appName, publicUrl } = config
  const shared = { appName, brand: createBrand(config, pageStyle), paths: createPaths(publicUrl) }
  const views = new Map<Locale, View>()
  return function viewOf(locale) {
    const view = views.get(locale) ?? { locale, t: wordsOf(locale), ...shared }
    views.set(locale, view)
    return view
  }
}

/** What was chosen on a page of ours, now (`?lang=`) or earlier, before what the browser asks for. */
function chooseLocale(c: AppContext, { publicUrl, defaultLocale }: Config): Locale {
  const chosen = c.req.query('lang')
  const mayChoose =
    c.req.method === 'GET' || isOurs(c.req.raw, publicUrl, { allowNullOrigin: true })
  if (mayChoose && chosen !== undefined && isLocale(chosen)) {
    setLanguageCookie(c, chosen)
    return chosen
  }
  const remembered = readLanguageCookie(c)
  if (remembered !== undefined && isLocale(remembered)) return remembered
  return negotiateLocale(c.req.header('Accept-Language'), defaultLocale)
}

/** Whoever is signed in, or null. */
export function currentSession(c: AppContext): Promise<Session | null> {
  const { services } = c.var
  return findSession(services, readSessionCookie(c.req.raw, services.config))
}

/** Pages of an account: a browser that is not signed in is sent to the log-in page, a form of its is refused. */
export function signedIn(): MiddlewareHandler<AppEnv> {
  return async function signedIn(c, next) {
    const session = await currentSession(c)
    if (session === null) {
      if (c.req.method === 'POST') throw new Refusal('signed-out')
      return c.redirect(c.var.view.paths.login, 303)
    }
    c.set('session', session)
    await next()
  }
}
