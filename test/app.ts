/**
 * The whole service on workerd, for a test: D1, the queue and SMTP are real.
 */
import type { Readable } from 'node:stream'
import type { D1Database } from '@cloudflare/workers-types'
import { type Json, Miniflare, type MiniflareOptions } from 'miniflare'
import { createD1Client, d1Worker } from '../build/d1-client.ts'
import { migrate, readMigrations, readModules } from '../build/worker.ts'
import type { MailServer } from '../harness/index.ts'
import { bundles } from './build-workers.ts'
import type { WorkerDoor } from './doors.ts'
import { beginAnew } from './database.ts'
import { type Held, heldRequests } from './held.ts'
import { Visitor } from './visitor.ts'

export interface AppOptions {
  mail: Pick<MailServer, 'smtp'>
  /** Beside what a test needs anyway. */
  settings?: Record<string, string>
  /** Settings that are no texts, as `[vars]` may have them. */
  bindings?: Record<string, Json>
  bundle?: keyof typeof bundles
  /** Where the bundle is, when it is none of these. */
  outdir?: string
  /** A folder in which the database outlives the process. */
  storage?: string
  /** What the database is called, for a folder that others have written to. */
  database?: string
  /** Without a queue, delivery runs after the answer. */
  queue?: boolean
  /** Hears everything that workerd writes. */
  onOutput?: (text: string) => void
  /** For a browser, whose PUBLIC_URL has to be where the service really is. */
  port?: number
}

/** What a journey needs of a service, whatever it runs on. */
export interface RunningApp extends AsyncDisposable {
  url: URL
  db: D1Database
  visitor(ip?: string): Visitor
  /** Moves the service's clock, in seconds. */
  advance(seconds: number): Promise<void>
  /** What the cron trigger does. */
  sweep(): Promise<void>
  /** Has the next statement that holds a piece of SQL fail with these words. */
  failAt(sql: string, words: string): Promise<void>
  /** Whether as many wait for a hash as may. */
  crowd(crowded: boolean): Promise<void>
  /** How many milliseconds longer a post takes whose email has an account: the control of a test. */
  leak(milliseconds: number): Promise<void>
  /** Has the first so many wait that are about to run one of these pieces of SQL, parted by `|`. */
  hold(sql: string, most: number): Promise<Held>
}

export type App = Awaited<ReturnType<typeof startApp>>

export const publicUrl = 'https://id.example.test'
export const secretKey = 'a test key that is at least 32 bytes long'

/**
 * Starts the service; `await using` stops it.
 *
 * @example
 * await using app = await startApp({ mail })
 * const answer = await app.visitor().get('/login')
 */
export async function startApp(options: AppOptions) {
  const runtime = await start(options)
  const { url, db, miniflare } = runtime
  const read = async (path: string) => {
    const answer = await fetch(new URL(path, url))
    return (await answer.json()) as WorkerDoor
  }
  const door = (settings: Partial<WorkerDoor>) => {
    const query = Object.entries(settings).map(
      ([name, value]) => `${name}=${encodeURIComponent(value)}`,
    )
    return read(`/test-door?${query.join('&')}`)
  }
  let ahead = 0
  return {
    url,
    db,
    miniflare,
    visitor: (ip?: string) => new Visitor(url, ip),
    /** Moves the service's clock, in seconds. */
    async advance(seconds: number) {
      ahead += seconds
      await door({ ahead })
    },
    /** Reads and sets what test/worker.ts lets a test set. */
    door,
    /** What the cron trigger does. */
    async sweep() {
      const answer = await fetch(new URL('/cdn-cgi/handler/scheduled', url))
      if (!answer.ok) throw new Error(`The cron trigger failed: ${await answer.text()}`)
    },
    async failAt(sql: string, words: string) {
      await door({ fault: words, faultAt: sql })
    },
    async crowd(crowded: boolean) {
      await door({ crowded })
    },
    async leak(milliseconds: number) {
      await door({ leak: milliseconds })
    },
    async hold(sql: string, most: number) {
      await door({ hold: sql, most })
      const count = async () => (await door({})).held
      return heldRequests({ most, count, release: () => door({ hold: '' }) })
    },
    async [Symbol.asyncDispose]() {
      if (!isUsual(options)) return miniflare.dispose()
      runtime.hear = hearNothing
      const { deliveries } = await read('/test-end')
      // The next test's mail would wait until they are over.
      if (deliveries > 0) return miniflare.dispose()
      spare.push(runtime)
    },
  }
}

/** workerd with the service in it. */
interface Runtime {
  miniflare: Miniflare
  url: URL
  db: D1Database
  /** Hears everything that it writes. */
  hear: (text: string) => void
}

const migrations = readMigrations()

/** Kept for the next test of this process: to start one costs more than most tests do. */
const spare: Runtime[] = []

/** What a service writes is for `DEBUG=1` alone, where no test hears it. */
export function hearNothing(text: string): void {
  if (process.env['DEBUG'] !== undefined) process.stderr.write(text)
}

/** Whether it differs from others by nothing that cannot be set anew. */
function isUsual({ bundle = 'test', outdir, storage, queue = true, port }: AppOptions): boolean {
  return bundle === 'test' && queue && [outdir, storage, port].every((each) => each === undefined)
}

async function start(options: AppOptions): Promise<Runtime> {
  const kept = isUsual(options) ? spare.pop() : undefined
  const runtime = kept ?? (await startRuntime(options))
  runtime.hear = options.onOutput ?? hearNothing
  if (kept === undefined) {
    await migrate(runtime.db, await migrations)
  } else {
    const body = JSON.stringify(bindingsOf(options))
    await fetch(new URL('/test-start', kept.url), { method: 'POST', body })
    await beginAnew(kept.db, await migrations)
  }
  return runtime
}

async function startRuntime(options: AppOptions): Promise<Runtime> {
  const stdio = (...streams: Readable[]) => {
    for (const stream of streams)
      stream.setEncoding('utf8').on('data', (text: string) => runtime.hear(text))
  }
  const miniflare = new Miniflare({ ...(await toMiniflare(options)), handleRuntimeStdio: stdio })
  const url = await miniflare.ready
  const db = createD1Client(await miniflare.unsafeGetDirectURL('database'))
  const runtime: Runtime = { miniflare, url, db, hear: hearNothing }
  return runtime
}

async function toMiniflare(options: AppOptions): Promise<MiniflareOptions> {
  const {
    bundle = 'test',
    outdir = bundles[bundle].outdir,
    storage,
    database = 'sparekey',
    queue = true,
    port,
  } = options
  const service = {
    name: 'service',
    modules: await readModules(outdir),
    compatibilityDate: '2026-07-01',
    d1Databases: { DB: database },
    ...(queue && {
      queueProducers: { OUTBOX_QUEUE: { queueName: 'sparekey-outbox' } },
      queueConsumers: { 'sparekey-outbox': { maxBatchSize: 10, maxBatchTimeout: 0 } },
    }),
    bindings: bindingsOf(options),
  }
  return {
    unsafeTriggerHandlers: true,
    ...(storage === undefined ? {} : { d1Persist: storage }),
    ...(port === undefined ? {} : { port }),
    workers: [service, d1Worker('database', database)],
  }
}

function bindingsOf({ mail, settings, bindings }: AppOptions): Record<string, Json> {
  return {
    PUBLIC_URL: publicUrl,
    SECRET_KEY: secretKey,
    PWNED_PASSWORDS: 'off',
    MAIL_SERVER: mail.smtp.host,
    MAIL_PORT: String(mail.smtp.port),
    MAIL_DEFAULT_SENDER: 'Example <sparekey@example.test>',
    ...settings,
    ...bindings,
  }
}
