/** The service's own statements, as its stores send them, and how SQLite goes about them. */
import { DatabaseSync } from 'node:sqlite'
import type { D1Database } from '@cloudflare/workers-types'
import { openSqlite } from '../../src/platform/sqlite-d1.ts'
import { createStore, type Stores } from '../../src/store/index.ts'

export type Subject = 'account' | 'session'

/** What a log-in and what every page of an account begins with. */
export async function readStatements(
  migrations: readonly string[],
): Promise<Record<Subject, string>> {
  const first = async (use: (store: Stores) => Promise<unknown>) =>
    (await statementsOf(migrations, use))[0] ?? ''
  return {
    account: await first(({ accounts }) => accounts.findByAddressKey('')),
    session: await first(({ sessions }) => sessions.find('', 0)),
  }
}

/** What a store sends when `use` uses it, in order. */
export async function statementsOf(
  migrations: readonly string[],
  use: (store: Stores) => Promise<unknown>,
): Promise<string[]> {
  using db = openSqlite(':memory:')
  for (const statement of migrations) await db.prepare(statement).run()
  const sent: string[] = []
  await use(createStore(listen(db, (sql) => sent.push(sql))))
  return sent
}

function listen(db: D1Database, hear: (sql: string) => void): D1Database {
  const prepare = (sql: string) => {
    hear(sql)
    return db.prepare(sql)
  }
  return {
    prepare,
    batch: (statements) => db.batch(statements),
    exec: (sql) => db.exec(sql),
    dump: () => db.dump(),
    withSession: () => db.withSession(),
  }
}

/** The steps of a plan, as in `SEARCH account USING PRIMARY KEY (id=?)`. */
export function planOf(db: DatabaseSync, sql: string): string[] {
  const rows = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()
  return rows.map(({ detail }) => String(detail))
}
