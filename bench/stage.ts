/**
 * The deployed bundle and its baselines in one workerd, with D1, the queue and the
 * mail harness: what `wrangler dev` runs, without what it puts in front. Each Worker
 * has a socket of its own, so no request passes one that is not measured.
 */
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { D1Database } from '@cloudflare/workers-types'
import { Miniflare } from 'miniflare'
import {
  bundleWorker,
  migrate,
  type Modules,
  readMigrations,
  readModules,
} from '../build/worker.ts'
import { type MailServer, startMailServer } from '../harness/index.ts'
import { fetchOnce } from './fetch-once.ts'
import { ProcessMeter } from './process-meter.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'

export interface Stage extends AsyncDisposable {
  /** Where the service answers. */
  service: URL
  /** Where the baselines do. */
  baseline: URL
  /** The service's database. */
  db: D1Database
  /** The baselines' own, with the same tables. */
  baselineDb: D1Database
  mail: MailServer
  /** Of workerd: all of D1 and the queue is in it, no client is. */
  workerd: ProcessMeter
  /** What the cron trigger does. */
  sweep(): Promise<void>
  /** Until the outbox is empty. */
  untilDelivered(): Promise<void>
}

/** What is measured, bundled once. */
export interface Build {
  service: string
  baseline: string
  migrations: readonly string[]
}

/** Signs links of the bench's own, too. */
export const SECRET_KEY = 'a bench key that is at least 32 bytes long'
/** Shows how many mails wait. */
const HEALTH_TOKEN = 'a bench token that is at least 32 bytes long'

/** What the service needs to start. */
export const settings = {
  PUBLIC_URL: 'https://id.example.test',
  SECRET_KEY,
  PWNED_PASSWORDS: 'off',
  HEALTH_TOKEN,
  MAIL_SERVER: '127.0.0.1',
  MAIL_DEFAULT_SENDER: 'Bench <sparekey@example.test>',
}

const OUT = '.sparekey/bench'

export async function buildWorkers(): Promise<Build> {
  const service = join(OUT, 'service')
  const baseline = join(OUT, 'baseline')
  const [migrations] = await Promise.all([
    readMigrations(),
    bundleWorker('src/worker.ts', service),
    bundleWorker('bench/baseline/worker.ts', baseline),
  ])
  return { service, baseline, migrations }
}

/** Starts everything; `await using` stops it. Databases are files, as they are for `wrangler dev`. */
export async function openStage(build: Build): Promise<Stage> {
  await using opened = new AsyncDisposableStack()
  const { path: folder } = opened.use(await makeTemporaryFolder())
  const mail = opened.use(
    await startMailServer({
      ...{ inboxPort: false, smtpsPort: false },
      limits: { messages: 20_000 },
    }),
  )
  const miniflare = new Miniflare({
    d1Persist: folder,
    // A line for every delivery.
    handleRuntimeStdio: (...streams: Readable[]) => streams.forEach((stream) => stream.resume()),
    workers: [
      { name: 'service', ...(await serviceOptions(build.service, mail)) },
      {
        name: 'baseline',
        ...common(await readModules(build.baseline), 'baseline'),
        bindings: mailBindings(mail),
      },
    ],
  })
  opened.defer(() => miniflare.dispose())
  await miniflare.ready
  const db = await miniflare.getD1Database('DB', 'service')
  const baselineDb = await miniflare.getD1Database('DB', 'baseline')
  for (const each of [db, baselineDb]) await migrate(each, build.migrations)
  const service = await miniflare.unsafeGetDirectURL('service')
  const stage = opened.move()
  return {
    service,
    baseline: await miniflare.unsafeGetDirectURL('baseline'),
    ...{ db, baselineDb, mail },
    workerd: ProcessMeter.ofChildren('workerd'),
    async sweep() {
      const worker = await miniflare.getWorker('service')
      await worker.scheduled({ cron: '* * * * *' })
    },
    untilDelivered: () => untilDelivered(service),
    [Symbol.asyncDispose]: () => stage.disposeAsync(),
  }
}

async function serviceOptions(folder: string, mail: MailServer) {
  return {
    ...common(await readModules(folder), 'service'),
    queueProducers: { OUTBOX_QUEUE: { queueName: 'sparekey-outbox' } },
    queueConsumers: { 'sparekey-outbox': { maxBatchSize: 10, maxBatchTimeout: 0 } },
    bindings: { ...settings, ...mailBindings(mail) },
  }
}

function mailBindings({ smtp }: MailServer) {
  return { MAIL_SERVER: smtp.host, MAIL_PORT: String(smtp.port) }
}

/** Of every Worker here: its own socket, and a database. */
export function common(modules: Modules, database: string) {
  return {
    modules,
    compatibilityDate: '2026-07-01',
    d1Databases: { DB: database },
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  }
}

/** Asked over HTTP: a look into D1 from here would block this process, while workerd waits for it to read its log. */
async function untilDelivered(service: URL): Promise<void> {
  const deadline = performance.now() + 60_000
  while (performance.now() < deadline) {
    const answer = await fetchOnce('/healthz', service, {
      headers: { Authorization: `Bearer ${HEALTH_TOKEN}` },
    })
    const { outbox } = (await answer.json()) as { outbox: { waiting: number } }
    if (outbox.waiting === 0) return
    await new Promise((resolve) => setTimeout(resolve, 200)) // Delivery gives way to requests.
  }
  throw new Error('Cannot measure: mail still waits after a minute')
}
