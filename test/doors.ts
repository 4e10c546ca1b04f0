/**
 * Doors into the service for the roots that tests use: its database can be away,
 * statements can be held, counted or made to fail, and all hashes can be taken.
 */
import type { D1Database, D1PreparedStatement } from '@cloudflare/workers-types'
import type { Passwords, PasswordTurn } from '../src/account/password-hash.ts'
import { type RenderMail, renderMail } from '../templates/mails/index.ts'
import { Overloaded } from '../src/account/turn-queue.ts'

/** The same hashes, but while the door says so as many wait for one as may; new ones are counted. */
export function crowdable(
  passwords: Passwords,
  door: { crowded: boolean; hashes: number },
): Passwords {
  const refuseCrowd = () => {
    if (door.crowded) throw new Overloaded('Too many passwords wait for a hash')
  }
  const counted = (turn: PasswordTurn): PasswordTurn => ({
    verify: (password, stored) => turn.verify(password, stored),
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

/** The mails of an app whose template fails for whoever is called `unwritable-…`. */
export const renderUnlessUnwritable: RenderMail = (content, frame) => {
  if (frame.address.startsWith('unwritable-')) throw new Error(`No words for ${frame.address}`)
  return renderMail(content, frame)
}

/** Called with the SQL of what is about to run, one text for each statement. */
export type BeforeStatements = (statements: readonly string[]) => Promise<void>

/** Has one statement fail, as if the database had said these words. */
export interface Fault {
  /** Empty when nothing is to fail. */
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

/** The same database, but for what `before` does first. */
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
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
