/**
 * The service on Deno as it is deployed, but for a clock that a test can set
 * and mail that goes out at once. Lines on standard input are orders, in JSON;
 * each is answered by a line once it is done.
 */
import process from 'node:process'
import { createInterface } from 'node:readline'
import type { D1Database } from '@cloudflare/workers-types'
import { environment, startDenoServer } from '../src/deno-server.ts'
import { crowdable, type Fault, failOnce, renderUnlessUnwritable, watchDatabase } from './doors.ts'

export type Order =
  | { ahead: number }
  | { crowded: boolean }
  | Fault
  | { sweep: true }
  | { batch: { sql: string; values: unknown[] }[] }

let ahead = 0
const door = { fault: '', faultAt: '', crowded: false, hashes: 0 }
let database: D1Database | undefined

const server = await startDenoServer(environment, {
  change(platform) {
    database = platform.db
    return {
      ...platform,
      db: watchDatabase(platform.db, async (statements) => failOnce(door, statements)),
      passwords: crowdable(platform.passwords, door),
      clock: () => platform.clock() + ahead,
      wakeDelivery: (deliver) => void deliver(),
      renderMail: renderUnlessUnwritable,
    }
  },
})
if (server === null) Deno.exit(1)
console.log(`app ${server.origin}`)

for await (const line of createInterface({ input: process.stdin })) {
  const order: Order = JSON.parse(line)
  console.log(JSON.stringify(await obey(order)))
}
await server[Symbol.asyncDispose]()
Deno.exit(0)

async function obey(order: Order): Promise<unknown> {
  if ('ahead' in order) ahead = order.ahead
  if ('fault' in order || 'crowded' in order) Object.assign(door, order)
  if ('sweep' in order) await server?.service.sweep()
  return 'batch' in order ? runBatch(order.batch) : {}
}

async function runBatch(statements: { sql: string; values: unknown[] }[]): Promise<unknown> {
  try {
    const prepared = statements.map(({ sql, values }) => database?.prepare(sql).bind(...values))
    return { results: await database?.batch(prepared.filter((each) => each !== undefined)) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}
