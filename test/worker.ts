/**
 * The third composition root: the service as it is deployed, but for a clock
 * that a test can set, a mail server that is given up on sooner, and a database
 * that can be away, be counted, or hold a statement for as long as a test wants.
 * It is never part of what is deployed; `test/deployed-bundle.test.ts` proves it.
 */
import type { Config } from '../src/config.ts'
import { createSmtpTransport, type Transport } from '../src/mail/smtp/transport.ts'
import { createWorker, type Env } from '../src/worker.ts'
import { crowdable, failOnce, renderUnlessUnwritable, watchDatabase } from './doors.ts'

const door = {
  /** Of the clock, in seconds before the real time. */
  ahead: 0,
  /** Of the mail server's deadline, in milliseconds; 0 leaves it as it is. */
  patience: 0,
  /** Whoever is about to run a statement that holds this text waits; empty holds nobody. */
  hold: '',
  /** How many wait. */
  held: 0,
  /** Whether the database is away. */
  away: false,
  /** Statements that ran so far. */
  statements: 0,
  /** In milliseconds: how much longer an ask takes for an address that has an account. The control of a test. */
  leak: 0,
  /** What the next statement that holds the text of `faultAt` fails with; empty lets it run. */
  fault: '',
  faultAt: '',
  /** Whether as many wait for a hash as may. */
  crowded: false,
  /** Passwords that were hashed to be stored. */
  hashes: 0,
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
    if (door.leak > 0 && request.method === 'POST') await leak(request.clone(), env)
    return worker.fetch(request, env)
  },
}

function openDoor(settings: URLSearchParams): Response {
  const {
    ahead,
    patience,
    hold,
    away,
    leak: leakFor,
    fault,
    faultAt,
    crowded,
  } = Object.fromEntries(settings)
  if (ahead !== undefined) door.ahead = Number(ahead)
  if (patience !== undefined) door.patience = Number(patience)
  if (hold !== undefined) door.hold = hold
  if (away !== undefined) door.away = away === 'true'
  if (leakFor !== undefined) door.leak = Number(leakFor)
  if (fault !== undefined) door.fault = fault
  if (faultAt !== undefined) door.faultAt = faultAt
  if (crowded !== undefined) door.crowded = crowded === 'true'
  return Response.json(door)
}

async function beforeStatements(statements: readonly string[]): Promise<void> {
  const { hold } = door
  if (hold !== '' && statements.some((sql) => sql.includes(hold))) {
    door.held += 1
    while (door.hold === hold) await new Promise((resolve) => setTimeout(resolve, 5))
    door.held -= 1
  }
  if (door.away) throw new Error('D1_ERROR: Network connection lost.')
  failOnce(door, statements)
  door.statements += statements.length
}

/** What a service does that looks the account up before it answers. */
async function leak(request: Request, { DB }: Env): Promise<void> {
  const email = new URLSearchParams(await request.text()).get('email') ?? ''
  const account = await DB.prepare(`SELECT id FROM account WHERE address_key = ?1`)
    .bind(email.toLowerCase())
    .first()
  if (account !== null) await new Promise((resolve) => setTimeout(resolve, door.leak))
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
