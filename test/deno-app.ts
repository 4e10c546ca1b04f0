/**
 * The whole service on Deno, for a test, in the shape of test/app.ts: SQLite
 * in a file, sockets and SMTP are real.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { runWith } from '../commands/deno/permissions.ts'
import { openSqlite } from '../src/platform/sqlite-d1.ts'
import { type AppOptions, hearNothing, publicUrl, type RunningApp, secretKey } from './app.ts'
import type { Order } from './deno.ts'
import type { Hold } from './doors.ts'
import { denoBundle } from './build-workers.ts'
import { heldRequests } from './held.ts'
import { Visitor } from './visitor.ts'

type DenoAppOptions = Pick<AppOptions, 'mail' | 'settings' | 'onOutput' | 'port'> & {
  /** A database that another process has, too. */
  database?: string
}

export interface DenoApp extends RunningApp {
  /** The path of the SQLite file. */
  database: string
  /** Has the process do what only test/deno.ts does. */
  order(order: Order): Promise<unknown>
}

/**
 * Starts the service; `await using` stops it. The process goes on, for the next test.
 *
 * @example
 * await using app = await startDenoApp({ mail })
 */
export async function startDenoApp(options: DenoAppOptions): Promise<DenoApp> {
  const isUsual = options.database === undefined && options.port === undefined
  const kept = isUsual ? spare.pop() : undefined
  const folder = kept?.folder ?? (await mkdtemp(join(tmpdir(), 'sparekey-')))
  const file = options.database ?? join(folder, `${crypto.randomUUID()}.db`)
  const settings = settingsOf(options, file)
  const deno = kept ?? startProcess(folder, settings)
  deno.hear = options.onOutput ?? hearNothing
  const url = new URL(await (kept === undefined ? deno.begun() : deno.beginAnew(settings)))
  const db = openSqlite(file)
  let ahead = 0
  return {
    url,
    db,
    database: file,
    visitor: (ip?: string) => new Visitor(url, ip),
    async advance(seconds: number) {
      ahead += seconds
      await deno.order({ ahead })
    },
    async sweep() {
      await deno.order({ sweep: true })
    },
    async failAt(sql, words) {
      await deno.order({ fault: words, faultAt: sql })
    },
    async crowd(crowded) {
      await deno.order({ crowded })
    },
    async leak(milliseconds) {
      await deno.order({ leak: milliseconds })
    },
    async hold(sql, most) {
      await deno.order({ hold: sql, most })
      const count = async () => ((await deno.order({})) as Pick<Hold, 'held'>).held
      return heldRequests({ most, count, release: () => deno.order({ hold: '' }) })
    },
    order: (order) => deno.order(order),
    async [Symbol.asyncDispose]() {
      db[Symbol.dispose]()
      if (isUsual) return keep(deno)
      await deno.stop()
      await rm(folder, { recursive: true })
    },
  }
}

function settingsOf({ mail, settings, port = 0 }: DenoAppOptions, database: string) {
  return {
    PUBLIC_URL: publicUrl,
    SECRET_KEY: secretKey,
    PWNED_PASSWORDS: 'off',
    MAIL_SERVER: mail.smtp.host,
    MAIL_PORT: String(mail.smtp.port),
    MAIL_DEFAULT_SENDER: 'Example <sparekey@example.test>',
    PORT: String(port),
    CLIENT_IP_HEADER: 'CF-Connecting-IP',
    ...settings,
    DATABASE: database,
  }
}

/** With nothing going on in them; what one may write to goes when this process does. */
const spare: DenoProcess[] = []

async function keep(deno: DenoProcess): Promise<void> {
  await deno.order({ end: true })
  deno.hear = hearNothing
  spare.push(deno)
}

process.on('exit', () => {
  for (const { folder } of spare) rmSync(folder, { recursive: true })
})

type DenoProcess = ReturnType<typeof startProcess>

function startProcess(folder: string, settings: Record<string, string>) {
  const folders = [folder, dirname(settings['DATABASE'] ?? folder)].join(',')
  const child = spawn(
    'node_modules/deno/deno',
    [...runWith({ net: ['127.0.0.1'], folder: folders }), denoBundle],
    {
      stdio: 'pipe',
      env: { ...settings, NO_COLOR: '1', DENO_CERT: process.env['NODE_EXTRA_CA_CERTS'] },
    },
  )
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const exited = once(child, 'exit')
  const nextLine = async () => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error('Cannot go on: Deno has ended')
    return value
  }
  let previous: Promise<unknown> = Promise.resolve()
  const deno = {
    folder,
    /** Hears everything that it writes to standard error. */
    hear: hearNothing,
    /** Where it is, once it answers there. */
    async begun() {
      return (await nextLine()).replace(/^app /, '')
    },
    /** The same with other settings; its last order was to end. */
    async beginAnew(others: Record<string, string>) {
      return ((await deno.order({ begin: others })) as { origin: string }).origin
    },
    /** One after the other: each is answered before the next is given. */
    order(order: Order): Promise<unknown> {
      const answer = previous.then(async () => {
        child.stdin.write(`${JSON.stringify(order)}\n`)
        return JSON.parse(await nextLine()) as unknown
      })
      previous = answer.catch(() => {})
      return answer
    },
    async stop() {
      child.stdin.end()
      await exited
    },
  }
  child.stderr.setEncoding('utf8').on('data', (text: string) => deno.hear(text))
  return deno
}
