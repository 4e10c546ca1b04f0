/**
 * The service as it runs on Deno: an HTTP server, a SQLite file, and a loop
 * for what a cron trigger does elsewhere. Nothing else there reads the
 * environment and the clock.
 */
import argon2Module from '@phi-ag/argon2/argon2.wasm'
import migrations from 'sparekey:migrations'
import { createArgon2id } from './account/argon2.ts'
import { createPasswords } from './account/password-hash.ts'
import { secureRandom } from './account/random.ts'
import { type Config, parseConfig } from './config.ts'
import { randomDelay } from './mail/delivery-delay.ts'
import { createSmtpTransport } from './mail/smtp/transport.ts'
import { denoConnect } from './platform/deno-sockets.ts'
import { migrate } from './platform/migrate.ts'
import { openSqlite, type SqliteDatabase } from './platform/sqlite-d1.ts'
import { createService, type Platform, type Service } from './service.ts'

/** What a server needs beside the settings of every platform. */
export interface ServerSettings {
  /** `DATABASE`: the path of the SQLite file. */
  database: string
  /** `HOST`: where to listen; loopback, for a proxy in front, when left out. */
  host: string
  /** `PORT`: 0 for any free one. */
  port: number
  /** `CLIENT_IP_HEADER`: set by the proxy in front, and by nobody else; the socket's address without it. */
  clientIpHeader: string | null
}

export interface DenoServer extends AsyncDisposable {
  service: Service
  /** The port that is listened on. */
  port: number
  finished: Promise<void>
}

/** In milliseconds: as often as the cron trigger of wrangler.toml. */
const SWEEP_EVERY = 60_000

/**
 * Starts serving; null, with every wrong setting on standard error, when the
 * settings are wrong.
 *
 * @example
 * await using server = await startDenoServer(Deno.env.toObject())
 */
export async function startDenoServer(
  env: Record<string, string>,
  change: (platform: Platform) => Platform = (platform) => platform,
): Promise<DenoServer | null> {
  const result = parseConfig(env)
  if (!result.ok) {
    for (const { name, problem } of result.problems) console.error(`${name} ${problem}`)
    return null
  }
  const settings = readServerSettings(env)
  const db = openSqlite(settings.database)
  await migrate(db, migrations)
  const clients = new WeakMap<Request, string>()
  const platform = change(createPlatform(result.config, db, clients))
  return serve(createService(platform), settings, { db, clients })
}

function readServerSettings(env: Record<string, string>): ServerSettings {
  return {
    database: env['DATABASE'] ?? 'sparekey.db',
    host: env['HOST'] ?? '127.0.0.1',
    port: Number(env['PORT'] ?? 8787),
    clientIpHeader: env['CLIENT_IP_HEADER'] ?? null,
  }
}

function createPlatform(
  config: Config,
  db: SqliteDatabase,
  clients: WeakMap<Request, string>,
): Platform {
  return {
    config,
    db,
    clock: () => Math.floor(Date.now() / 1000),
    random: secureRandom,
    passwords: createPasswords({ argon2id: createArgon2id(argon2Module), random: secureRandom }),
    transport: createSmtpTransport(config.mail, { connect: denoConnect() }),
    clientAddress: (request) => clients.get(request) ?? '',
    wakeDelivery: (deliver) => setTimeout(() => void deliver(), randomDelay(secureRandom)),
    inBackground: () => {}, // A process lives on until it is told to end.
    log: (line) => console.error(JSON.stringify(line)),
  }
}

interface Resources {
  db: SqliteDatabase
  clients: WeakMap<Request, string>
}

async function serve(
  service: Service,
  { host, port, clientIpHeader }: ServerSettings,
  { db, clients }: Resources,
): Promise<DenoServer> {
  const listening = Promise.withResolvers<number>()
  const options = {
    ...{ hostname: host, port },
    onListen: (addr: Deno.Peer) => listening.resolve(addr.port),
  }
  const server = Deno.serve(options, (request, { remoteAddr }) => {
    clients.set(request, addressOf(request, clientIpHeader) ?? remoteAddr.hostname ?? '')
    return service.fetch(request)
  })
  const stopSweeping = sweepFromTimeToTime(service)
  return {
    service,
    port: await listening.promise,
    finished: server.finished,
    async [Symbol.asyncDispose]() {
      await server.shutdown()
      await stopSweeping()
      db[Symbol.dispose]()
    },
  }
}

/** Proxies add to the end of a list; what stands before came from the client, who may write anything. */
function addressOf(request: Request, header: string | null): string | undefined {
  return header === null ? undefined : request.headers.get(header)?.split(',').at(-1)?.trim()
}

function sweepFromTimeToTime(service: Service): () => Promise<void> {
  let sweeping = Promise.resolve()
  const sweep = () => {
    sweeping = sweeping.then(() => service.sweep()).catch(logFailure)
  }
  sweep()
  const timer = setInterval(sweep, SWEEP_EVERY)
  return async () => {
    clearInterval(timer)
    await sweeping
  }
}

/** The next sweep comes in a minute; what was due then still is. */
function logFailure(error: unknown): void {
  console.error(JSON.stringify({ event: 'sweep-failed', error: String(error) }))
}
