/**
 * The third composition root: the service as it is deployed, but for a clock
 * that a test can set, a mail server that is given up on sooner, and a database
 * that can be away, be counted, or hold a statement for as long as a test wants.
 * It is never part of what is deployed; `test/deployed-bundle.test.ts` proves it.
 */
import type { Config } from '../src/config.ts'
import { createSmtpTransport, type Transport } from '../src/mail/smtp/transport.ts'
import { createWorker, type Env } from '../src/worker.ts'
import {
  crowdable,
  failOnce,
  leakTime,
  renderUnlessUnwritable,
  waitWhileHeld,
  watchDatabase,
  type WorkerDoor,
} from './doors.ts'

/** What a test sets, as it is before any has. */
const closed = {
  ...{ ahead: 0, patience: 0, away: false, leak: 0 },
  ...{ hold: '', most: Number.MAX_SAFE_INTEGER },
  ...{ fault: '', faultAt: '', crowded: false },
}
const counts = { statements: 0, deliveries: 0, held: 0, hashes: 0, verifies: 0 }
const door: WorkerDoor = { ...closed, ...counts }

/** Settings of the test that has this process, in place of those that it was started with. */
let bindings: Record<string, unknown> | undefined
let starts = 0
let worker = startWorker()

function startWorker() {
  starts += 1
  const own = starts
  return createWorker((platform) => ({
    ...platform,
    db: watchDatabase(platform.db, (statements) => beforeStatements(statements, own)),
    passwords: crowdable(platform.passwords, door),
    clock: () => platform.clock() + door.ahead,
    transport: impatient(platform.config),
    renderMail: renderUnlessUnwritable,
  }))
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/test-door') return openDoor(searchParams)
    if (pathname === '/test-start') return startAnew(await request.json())
    if (pathname === '/test-end') return letDeliveriesEnd()
    await leakTime(door, request, env.DB)
    return worker.fetch(request, withBindings(env))
  },
  async queue(batch: unknown, env: Env): Promise<void> {
    door.deliveries += 1
    await worker.queue(batch, withBindings(env)).finally(() => (door.deliveries -= 1))
  },
  scheduled: (event: unknown, env: Env) => worker.scheduled(event, withBindings(env)),
}

/** As a process that has just been started with these settings. */
function startAnew(settings: Record<string, unknown>): Response {
  bindings = settings
  Object.assign(door, closed)
  worker = startWorker()
  return new Response()
}

/** In milliseconds: what is recorded of a mail that has arrived takes a tenth of it. */
const LONGEST_END = 250

/** Answers what the door is like when nothing is delivered any more, or when that takes too long. */
async function letDeliveriesEnd(): Promise<Response> {
  door.hold = ''
  const deadline = Date.now() + LONGEST_END
  while (door.deliveries > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return Response.json(door)
}

function withBindings(env: Env): Env {
  if (bindings === undefined) return env
  const { DB, OUTBOX_QUEUE } = env
  return { ...bindings, DB, ...(OUTBOX_QUEUE && { OUTBOX_QUEUE }) }
}

function openDoor(settings: URLSearchParams): Response {
  const { ahead, patience, hold, most, away, leak, fault, faultAt, crowded } =
    Object.fromEntries(settings)
  if (ahead !== undefined) door.ahead = Number(ahead)
  if (patience !== undefined) door.patience = Number(patience)
  if (hold !== undefined) door.hold = hold
  if (most !== undefined) door.most = Number(most)
  if (away !== undefined) door.away = away === 'true'
  if (leak !== undefined) door.leak = Number(leak)
  if (fault !== undefined) door.fault = fault
  if (faultAt !== undefined) door.faultAt = faultAt
  if (crowded !== undefined) door.crowded = crowded === 'true'
  return Response.json(door)
}

/** A delivery that an earlier test has left behind would take the mails of this one to a server that is gone. */
async function beforeStatements(statements: readonly string[], start: number): Promise<void> {
  await waitWhileHeld(door, statements)
  if (start !== starts) throw new Error('Cannot go on: another test has this process now')
  if (door.away) throw new Error('D1_ERROR: Network connection lost.')
  failOnce(door, statements)
  door.statements += statements.length
}

function impatient(config: Config): Transport {
  const usual = createSmtpTransport(config.mail)
  return {
    connect() {
      const { patience } = door
      if (patience === 0) return usual.connect()
      const deadlines = {
        opening: patience,
        message: patience,
        dialogue: 2 * patience,
        closing: 100,
      }
      return createSmtpTransport(config.mail, { deadlines }).connect()
    },
  }
}
