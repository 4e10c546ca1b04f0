/**
 * The service as it runs on Deno: an HTTP server, a SQLite file, and a loop
 * for what a cron trigger does elsewhere. Nothing else there reads the
 * environment and the clock.
 */
import argon2Module from 'sparekey:argon2'
import migrations from 'sparekey:migrations'
import { createArgon2id } from './account/argon2.ts'
import { createPasswords } from './account/password-hash.ts'
import { secureRandom } from './account/random.ts'
import { type Config, parseConfig } from './config.ts'
import { bareAnswerHeaders } from './http/answers.ts'
import { randomDelay } from './mail/delivery-delay.ts'
import { createSmtpTransport } from './mail/smtp/transport.ts'
import { Background } from './platform/background.ts'
import { denoConnect } from './platform/deno-sockets.ts'
import { migrate } from './platform/migrate.ts'
import { parseServerSettings, type ServerSettings } from './platform/server-settings.ts'
import { openSqlite, type SqliteDatabase } from './platform/sqlite-d1.ts'
import { within } from './within.ts'
import { createService, type Platform, type Service } from './service.ts'
import { patientDatabase } from './store/patient-database.ts'
import type { ConfigProblem, Environment } from './setting-reader.ts'

/** What may be otherwise than on a server that has nothing but the service. */
export interface DenoServerOptions {
  /** May replace any part of the platform. */
  change?: (platform: Platform) => Platform
  /** What answers requests: an app of your own that the service is mounted in. The service alone when left out. */
  mount?: (service: Service) => Site
}

export interface Site {
  /** `connection` is what an app of Hono has in `c.env`, where `getConnInfo` of `hono/deno` reads it. */
  fetch(request: Request, connection: ConnectionInfo): Response | Promise<Response>
}

/** Where a request came from, as `Deno.serve` tells it: the proxy, where there is one. */
export interface ConnectionInfo {
  remoteAddr: { transport: string; hostname: string; port: number }
}

export interface DenoServer extends AsyncDisposable {
  service: Service
  /** Where it is, as in `http://127.0.0.1:8787`. */
  origin: string
  finished: Promise<void>
}

/**
 * In milliseconds. SQLite waits for another program's write with nothing else
 * going on in this process; the rest of the waiting is done beside other requests.
 */
const BLOCKED_AT_MOST = 10

/** In milliseconds: as often as the cron trigger of wrangler.toml. */
const SWEEP_EVERY = 60_000

/** In milliseconds: a Ctrl-C comes twice, from the terminal and from npm. */
const ONE_CTRL_C = 1000

/** In milliseconds: whoever has not sent the whole of a request by then gets no answer any more. */
const LONGEST_GOODBYE = 10_000

/**
 * In milliseconds, from the signal on: a dialogue with a mail server is over within 20 s, and what came
 * of it is recorded. What takes longer, as a hook that never settles does, is left where it is.
 */
const LONGEST_END = 25_000

/** The environment, each variable asked for by its name: so `--allow-env` can name them all. */
export const environment: Environment = new Proxy<Environment>(
  {},
  { get: (_, name) => (typeof name === 'string' ? Deno.env.get(name) : undefined) },
)

/**
 * Starts serving; null, with every wrong setting on standard error, when the
 * settings are wrong.
 *
 * @example
 * await startDenoServer(environment, {
 *   mount: (accounts) => new Hono().route('/auth', accounts.app).route('/', accounts.wellKnown),
 * })
 */
export async function startDenoServer(
  env: Environment,
  { change = (platform) => platform, mount = (service) => service }: DenoServerOptions = {},
): Promise<DenoServer | null> {
  const result = parseConfig(env)
  const { settings, problems } = parseServerSettings(env)
  if (!result.ok || problems.length > 0) {
    tell([...(result.ok ? [] : result.problems), ...problems])
    return null
  }
  const db = openSqlite(settings.database)
  await migrate(db, migrations)
  await db.exec(`PRAGMA busy_timeout = ${BLOCKED_AT_MOST}`)
  const background = new Background()
  const clients = new WeakMap<Request, string>()
  const platform = createPlatform(result.config, { db, background, clients })
  const service = createService(change(platform))
  return serve({ service, site: mount(service), db, background, clients }, settings)
}

/**
 * Ends the process with status 0 when it is told to (SIGTERM, SIGINT), after what
 * is under way: requests are answered and mails delivered. Told again after a second,
 * it ends at once.
 *
 * @example
 * const server = await startDenoServer(environment)
 * if (server !== null) endOnSignals(server)
 */
export function endOnSignals(server: DenoServer): void {
  let toldAt: number | undefined
  const end = () => {
    if (toldAt !== undefined) {
      if (performance.now() - toldAt < ONE_CTRL_C) return
      Deno.exit(1)
    }
    toldAt = performance.now()
    void server[Symbol.asyncDispose]().then(() => Deno.exit(0))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) Deno.addSignalListener(signal, end)
}

function tell(problems: readonly ConfigProblem[]): void {
  for (const { name, problem } of problems) console.error(`${name} ${problem}`)
}

interface Process {
  db: SqliteDatabase
  background: Background
  /** The network address of each request. */
  clients: WeakMap<Request, string>
}

function createPlatform(config: Config, { db, background, clients }: Process): Platform {
  return {
    config,
    db: patientDatabase(db),
    clock: () => Math.floor(Date.now() / 1000),
    random: secureRandom,
    passwords: createPasswords({ argon2id: createArgon2id(argon2Module), random: secureRandom }),
    transport: createSmtpTransport(config.mail, { connect: denoConnect() }),
    clientAddress: (request) => clients.get(request) ?? '',
    wakeDelivery: (deliver) => background.later(deliver, randomDelay(secureRandom)),
    inBackground: (work) => background.add(work),
    mayDeliver: () => !background.ending,
    log: (line) => console.error(JSON.stringify(line)),
  }
}

interface Served extends Process {
  service: Service
  site: Site
}

async function serve(
  { service, site, db, background, clients }: Served,
  { host, port, clientIpHeader }: ServerSettings,
): Promise<DenoServer> {
  const listening = Promise.withResolvers<number>()
  const options = {
    ...{ hostname: host, port },
    onListen: (addr: Deno.Peer) => listening.resolve(addr.port),
  }
  const server = Deno.serve(options, (request, connection) => {
    if (request.method in Object.prototype) return unknownMethod()
    clients.set(request, addressOf(request, clientIpHeader) ?? connection.remoteAddr.hostname)
    return site.fetch(request, connection)
  })
  background.every(() => service.sweep(), SWEEP_EVERY)
  const finish = async () => {
    await within(LONGEST_GOODBYE, server.shutdown())
    await background.finished()
  }
  return {
    service,
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${await listening.promise}`,
    finished: server.finished,
    async [Symbol.asyncDispose]() {
      background.end()
      await within(LONGEST_END, finish())
      db[Symbol.dispose]()
    },
  }
}

/**
 * What workerd answers to every method that it does not know (RFC 9110 §15.6.2). Deno lets any token
 * through, and Hono 4.13 looks methods up in objects: it would find "constructor" there, and throw.
 */
function unknownMethod(): Response {
  return new Response('Not implemented\n', { status: 501, headers: bareAnswerHeaders })
}

/** Proxies add to the end of a list; what stands before came from the client, who may write anything. */
function addressOf(request: Request, header: string | null): string | undefined {
  return header === null ? undefined : request.headers.get(header)?.split(',').at(-1)?.trim()
}
