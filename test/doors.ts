/**
 * Doors into the service for the roots that tests use: its database can be away,
 * statements can be held, counted or made to fail, and all hashes can be taken.
 */
import type { D1Database, D1PreparedStatement } from '@cloudflare/workers-types'
import type { Passwords, PasswordTurn } from '../src/account/password-hash.ts'
import { type RenderMail, renderMail } from '../templates/mails/index.ts'
import { Overloaded } from '../src/account/turn-queue.ts'

/** All that a test can set or read in the root of test/worker.ts. */
export interface WorkerDoor extends Hold, Fault, Hashes, Leak {
  /** Of the clock, in seconds before the real time. */
  ahead: number
  /** Of the mail server's deadline, in milliseconds; 0 leaves it as it is. */
  patience: number
  /** Whether the database is away. */
  away: boolean
  /** Statements that ran so far. */
  statements: number
  /** Messages of the queue that are worked on: another waits for them. */
  deliveries: number
}

export interface Hashes {
  /** Whether as many wait for one as may. */
  crowded: boolean
  /** Passwords that were hashed to be stored. */
  hashes: number
  /** Passwords that were held against a hash, or against what stands for none. */
  verifies: number
}

/** The same hashes, but while the door says so as many wait for one as may; what is computed is counted. */
export function crowdable(passwords: Passwords, door: Hashes): Passwords {
  const refuseCrowd = () => {
    if (door.crowded) throw new Overloaded('Too many passwords wait for a hash')
  }
  const counted = (turn: PasswordTurn): PasswordTurn => ({
    waited: turn.waited,
    verify(password, stored) {
      door.verifies += 1
      return turn.verify(password, stored)
    },
    hash(password) {
      door.hashes += 1
      return turn.hash(password)
    },
    [Symbol.dispose]: () => turn[Symbol.dispose](),
  })
  return {
    async place() {
      refuseCrowd()
      const place = await passwords.place()
      return {
        turn: async () => counted(await place.turn()),
        [Symbol.dispose]: () => place[Symbol.dispose](),
      }
    },
    async turn() {
      refuseCrowd()
      return counted(await passwords.turn())
    },
  }
}

/** The control of a test: a service that looks the account up before it answers. */
export interface Leak {
  /** In milliseconds: how much longer a post takes whose email has an account. */
  leak: number
}

/** Waits as long as the door says, if there is an account. */
export async function leakTime({ leak }: Leak, request: Request, db: D1Database): Promise<void> {
  if (leak === 0 || request.method !== 'POST') return
  const account = await db
    .prepare(`SELECT id FROM account WHERE address_key = ?1`)
    .bind(emailOf(await request.clone().text()).toLowerCase())
    .first()
  if (account !== null) await new Promise((resolve) => setTimeout(resolve, leak))
}

/** Of a form or of JSON. */
function emailOf(body: string): string {
  const fields = new URLSearchParams(body.startsWith('{') ? JSON.parse(body) : body)
  return fields.get('email') ?? ''
}

/** The mails of an app whose template fails for whoever is called `unwritable-…`. */
export const renderUnlessUnwritable: RenderMail = (content, frame) => {
  if (frame.address.startsWith('unwritable-')) throw new Error(`No words for ${frame.address}`)
  return renderMail(content, frame)
}

/** Called with the SQL of what is about to run, one text for each statement. */
export type BeforeStatements = (statements: readonly string[]) => Promise<void>

/** Has one statement fail, once. */
export interface Fault {
  /** What it fails with, as if the database had said these words; empty lets all run. */
  fault: string
  /** A piece of the SQL that fails. */
  faultAt: string
}

/** Throws the words that a test has set, once. */
export function failOnce(door: Fault, statements: readonly string[]): void {
  const { fault, faultAt } = door
  if (fault === '' || !statements.some((sql) => sql.includes(faultAt))) return
  door.fault = ''
  throw new Error(fault)
}

/** Who has to wait before a statement runs. */
export interface Hold {
  /** Pieces of SQL, parted by `|`: whoever is about to run one of them waits until this is another text; empty holds nobody. */
  hold: string
  /** So many wait at once, whoever else comes passes. */
  most: number
  /** How many wait. */
  held: number
}

/** Waits for as long as a test says, ahead of what it names. */
export async function waitWhileHeld(door: Hold, statements: readonly string[]): Promise<void> {
  const { hold, most, held } = door
  const named = hold.split('|').some((text) => statements.some((sql) => sql.includes(text)))
  if (hold === '' || !named || held >= most) return
  door.held += 1
  while (door.hold === hold) await new Promise((resolve) => setTimeout(resolve, 5))
  door.held -= 1
}

/**
 * The same database, but for what `before` does first, and for D1's Sessions API,
 * by which alone a replica could be read: whoever asks for it fails.
 */
export function watchDatabase(db: D1Database, before: BeforeStatements): D1Database {
  const originals = new WeakMap<
    D1PreparedStatement,
    { statement: D1PreparedStatement; sql: string }
  >()

  function watch(statement: D1PreparedStatement, sql: string): D1PreparedStatement {
    const watched = new Proxy(statement, {
      get(target, name) {
        if (name === 'bind') {
          return (...values: unknown[]) => watch(target.bind(...values), sql)
        }
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return async (...args: unknown[]) => {
          await before([sql])
          return await Reflect.apply(method, target, args)
        }
      },
    })
    originals.set(watched, { statement, sql })
    return watched
  }

  function original(watched: D1PreparedStatement) {
    return originals.get(watched) ?? { statement: watched, sql: '' }
  }

  return new Proxy(db, {
    get(target, name) {
      if (name === 'prepare') return (sql: string) => watch(target.prepare(sql), sql)
      if (name === 'batch') {
        return async (statements: D1PreparedStatement[]) => {
          const plain = statements.map(original)
          await before(plain.map(({ sql }) => sql))
          return await target.batch(plain.map(({ statement }) => statement))
        }
      }
      if (name === 'withSession')
        throw new TypeError('Cannot read from a replica: it may be behind')
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
