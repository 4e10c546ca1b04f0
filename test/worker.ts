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

const door: WorkerDoor = {
  ...{ ahead: 0, patience: 0, away: false, statements: 0, leak: 0 },
  ...{ hold: '', most: Number.MAX_SAFE_INTEGER, held: 0 },
  ...{ fault: '', faultAt: '', crowded: false, hashes: 0, verifies: 0 },
}

const worker = createWorker((platform) => ({
  ...platform,
  db: watchDatabase(platform.db, beforeStatements),
  passwords: crowdable(platform.passwords, door),
  clock: () => platform.clock() + door.ahead,
  transport: impatient(platform.config),
  renderMail: renderUnlessUnwritable,
}))

export default {
  ...worker,
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/test-door') return openDoor(searchParams)
    await leakTime(door, request, env.DB)
    return worker.fetch(request, env)
  },
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

async function beforeStatements(statements: readonly string[]): Promise<void> {
  await waitWhileHeld(door, statements)
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
