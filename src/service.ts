/**
 * The whole service, put together from what a platform provides: first what it
 * does (`createServices`), then what answers requests with that (`createService`).
 * The composition roots call this; what differs between them is in `Platform`.
 */
import type { D1Database } from '@cloudflare/workers-types'
import { Hono } from 'hono'
import { createApp, createWellKnown } from './app.tsx'
import type { Config } from './config.ts'
import { type Hooks, withEvents } from './events.ts'
import { bareAnswerHeaders } from './http/answers.ts'
import type { AppEnv, AppServices } from './http/context.ts'
import { sessionOf, type SignedIn, toSignedIn } from './http/session-of.ts'
import { createKeyring } from './account/keyring.ts'
import type { Passwords } from './account/password-hash.ts'
import { createPasswordSources } from './account/password-sources.ts'
import type { Random } from './account/random.ts'
import { deliverDue, type DeliveryServices, reportWaiting } from './mail/deliver.ts'
import { createTraffic } from './mail/give-way.ts'
import { createWake } from './mail/wake.ts'
import { createReport } from './mail/reports.ts'
import type { Transport } from './mail/smtp/transport.ts'
import { createPaths } from './paths.ts'
import { describeFailure } from './redact.ts'
import { type RenderMail, renderMail } from '../templates/mails/index.ts'
import { type Pages, pages } from '../templates/pages/index.ts'
import { createStore } from './store/index.ts'
import { patient } from './store/patient-outbox.ts'

export interface Platform {
  config: Config
  db: D1Database
  /** Unix time in whole seconds. */
  clock: () => number
  random: Random
  passwords: Passwords
  transport: Transport
  /** The address a request came from; empty when the platform does not know. */
  clientAddress: (request: Request) => string
  /** Sees to it that `deliver` is called soon, outside the request that asks. */
  wakeDelivery: (deliver: () => Promise<void>) => void
  /** Keeps work going after the answer: `waitUntil`, or nothing at all where processes live on. */
  inBackground: (work: Promise<void>) => void
  /** False once the process is told to end: no mail is taken in hand any more. Always true when left out. */
  mayDeliver?: () => boolean
  /** Called for what happens, beside the answers. */
  hooks?: Hooks
  /** Writes the mails, in place of templates/mails. */
  renderMail?: RenderMail
  /** Shown in place of those of templates/pages that have their names; the rest stays. */
  pages?: Partial<Pages>
  /** CSS that follows ours on every page: the policy of our pages allows no other. */
  pageStyle?: string
  /** One structured line; never a token, a password or an address. */
  log: (line: Record<string, unknown>) => void
}

/** What the service does, for `createApp` and `createWellKnown` to answer requests with. */
export interface RunningServices extends AppServices {
  /**
   * Who is signed in, by `Authorization: Bearer` or else by the cookie; null
   * when nobody is. It says who a request comes from, and not whether they meant
   * to send it: forms of an app need a same-origin rule of their own (hono/csrf).
   *
   * @example
   * const service = createService(platform)
   * host.get('/orders', async (c) => {
   *   const signedIn = await service.sessionOf(c.req.raw)
   *   return signedIn === null ? c.redirect('/auth/login') : c.text(`Orders of ${signedIn.account.username}`)
   * })
   */
  sessionOf: (request: Request) => Promise<SignedIn | null>
  /** Delivers what is due in the outbox. Never rejects: what fails is in the log. */
  deliver: () => Promise<void>
  /** Delivers what an earlier delivery left waiting, and deletes what nobody needs any more. Never rejects. */
  sweep: () => Promise<void>
}

export interface Service extends Pick<RunningServices, 'sessionOf' | 'deliver' | 'sweep'> {
  /** To be mounted where `PUBLIC_URL` says, as in `app.route('/auth', service.app)`. */
  app: Hono<AppEnv>
  /** `/.well-known/change-password` and `/healthz`, for the root of the host. */
  wellKnown: Hono<AppEnv>
  /** Both at their places: the whole service, when nothing is around it. */
  fetch(request: Request): Response | Promise<Response>
}

/**
 * The service on a platform, with its app and all that is beside it.
 *
 * @example
 * const service = createService({ ...platform, hooks: { registered: ({ accountId }) => greet(accountId) } })
 * const app = new Hono().route('/auth', service.app).route('/', service.wellKnown)
 */
export function createService(platform: Platform): Service {
  const services = createServices(platform)
  const { sessionOf, deliver, sweep } = services
  const app = createApp(services)
  const wellKnown = createWellKnown(services)
  const site = putInPlace(platform.config.publicUrl, app, wellKnown)
  return { app, wellKnown, fetch: (request) => site.fetch(request), sessionOf, deliver, sweep }
}

/**
 * What `createApp` asks for, made from a platform and its settings. Somebody has
 * to call `deliver` and `sweep`, as a queue and a cron trigger do.
 *
 * @example
 * const services = createServices(platform)
 * host.route('/auth', createApp(services)).route('/', createWellKnown(services))
 */
export function createServices(platform: Platform): RunningServices {
  const { config, db, clock, random, log } = platform
  const store = withEvents(createStore(db), platform.hooks ?? {}, platform)
  const keyring = createKeyring(config.secretKeys)
  const { outbox, limits } = store
  const report = createReport({
    ...{ clock, random, limits, outbox },
    admins: config.admins,
    locale: config.defaultLocale,
  })
  const traffic = createTraffic()
  const delivery: DeliveryServices = {
    ...{ config, clock, random, keyring, limits, report, traffic },
    outbox: patient(outbox),
    transport: platform.transport,
    renderMail: platform.renderMail ?? renderMail,
    mayDeliver: platform.mayDeliver ?? (() => true),
    log: (attempt) => log({ event: 'delivery', ...attempt }),
  }
  /** Nobody waits for such work. What it fails with is logged, and what was due still is the next time. */
  const survive = async (event: string, work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      log({ event, ...describeFailure(error) })
    }
  }
  const deliver = () => survive('delivery-failed', () => deliverDue(delivery))
  const wake = createWake(traffic, () => platform.wakeDelivery(deliver))
  const services: AppServices = {
    ...store,
    ...{ config, clock, random, keyring, log, report },
    pages: { ...pages, ...platform.pages },
    pageStyle: platform.pageStyle ?? '',
    passwords: platform.passwords,
    passwordSources: createPasswordSources(config),
    linkUses: { count: 0 },
    clientAddress: platform.clientAddress,
    outboxFigures: () => outbox.figures(clock()),
    requestArrived: () => traffic.arrived(),
    checkDatabase: () => store.check(),
    wakeDelivery: () => platform.inBackground(wake()),
  }
  return {
    ...services,
    async sessionOf(request) {
      const session = await sessionOf(services, request)
      return session && toSignedIn(session)
    },
    deliver,
    async sweep() {
      await deliver()
      await survive('sweep-failed', async () => {
        await reportWaiting(delivery)
        await outbox.prune(clock())
        await store.prune(clock())
      })
    },
  }
}

/** Below a prefix of `PUBLIC_URL`, what is well known stays at the root. */
function putInPlace(publicUrl: URL, app: Hono<AppEnv>, wellKnown: Hono<AppEnv>): Hono<AppEnv> {
  const { prefix } = createPaths(publicUrl)
  if (prefix === '') return app
  const site = new Hono<AppEnv>()
  site.route('/', wellKnown).route(prefix, app)
  site.notFound((c) => c.text('Not found\n', 404, bareAnswerHeaders))
  return site
}
