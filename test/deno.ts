/**
 * The service on Deno as it is deployed, but for a clock that a test can set
 * and mail that goes out at once. Lines on standard input are orders, in JSON;
 * each is answered by a line once it is done.
 */
import process from 'node:process'
import { createInterface } from 'node:readline'
import type { D1Database } from '@cloudflare/workers-types'
import { type DenoServer, environment, startDenoServer } from '../src/deno-server.ts'
import {
  crowdable,
  type Fault,
  failOnce,
  type Hashes,
  type Hold,
  type Leak,
  leakTime,
  renderUnlessUnwritable,
  waitWhileHeld,
  watchDatabase,
} from './doors.ts'

export type Order =
  | { ahead: number }
  | Pick<Hashes, 'crowded'>
  | Fault
  | Partial<Hold>
  | Leak
  | { sweep: true }
  | { batch: { sql: string; values: unknown[] }[] }
  /** What the process was started with, and then whatever it is told to begin with, ends. */
  | { end: true }
  | { begin: Record<string, string> }

let ahead = 0
/** What a test sets, as it is before any has. */
const closed = { fault: '', faultAt: '', crowded: false, hold: '', most: 0, leak: 0 }
const door: Fault & Hashes & Hold & Leak = { ...closed, hashes: 0, verifies: 0, held: 0 }
let database: D1Database | undefined

let server = await begin(environment)
if (server === null) Deno.exit(1)
console.log(`app ${server.origin}`)

for await (const line of createInterface({ input: process.stdin })) {
  const order: Order = JSON.parse(line)
  console.log(JSON.stringify(await obey(order)))
}
await server?.[Symbol.asyncDispose]()
Deno.exit(0)

function begin(settings: typeof environment): Promise<DenoServer | null> {
  return startDenoServer(settings, {
    change(platform) {
      database = platform.db
      return {
        ...platform,
        db: watchDatabase(platform.db, beforeStatements),
        passwords: crowdable(platform.passwords, door),
        clock: () => platform.clock() + ahead,
        wakeDelivery: (deliver) => platform.inBackground(deliver()),
        renderMail: renderUnlessUnwritable,
      }
    },
    mount: (service) => ({
      async fetch(request) {
        if (database !== undefined) await leakTime(door, request, database)
        return service.fetch(request)
      },
    }),
  })
}

async function end(): Promise<void> {
  ahead = 0
  Object.assign(door, closed)
  await server?.[Symbol.asyncDispose]()
}

async function beforeStatements(statements: readonly string[]): Promise<void> {
  await waitWhileHeld(door, statements)
  failOnce(door, statements)
}

/** What came of a batch, and where it has begun; for every other order, how many are held. */
async function obey(order: Order): Promise<unknown> {
  if ('ahead' in order) ahead = order.ahead
  const set = ['fault', 'crowded', 'hold', 'leak'].some((name) => name in order)
  if (set) Object.assign(door, order)
  if ('end' in order) await end()
  if ('begin' in order) return { origin: (server = await begin(order.begin))?.origin }
  if ('sweep' in order) await server?.service.sweep()
  return 'batch' in order ? runBatch(order.batch) : { held: door.held }
}

async function runBatch(statements: { sql: string; values: unknown[] }[]): Promise<unknown> {
  try {
    const prepared = statements.map(({ sql, values }) => database?.prepare(sql).bind(...values))
    return { results: await database?.batch(prepared.filter((each) => each !== undefined)) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}
