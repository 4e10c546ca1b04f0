/** What stands in the database of a running app. */
import type { RunningApp } from './app.ts'

const tables = [
  'account',
  'session',
  'outbox',
  'audit',
  'limit_window',
  'wrong_password_run',
  'deleted_account',
] as const

export type Dump = Record<(typeof tables)[number], Record<string, unknown>[]>

/** Every row of every table of ours. */
export async function dump(db: RunningApp['db']): Promise<Dump> {
  const selects = tables.map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1`))
  const answers = await db.batch<Record<string, unknown>>(selects)
  const [account = [], session = [], outbox = [], audit = [], ...rest] = answers.map(
    ({ results }) => results,
  )
  const [limit_window = [], wrong_password_run = [], deleted_account = []] = rest
  return { account, session, outbox, audit, limit_window, wrong_password_run, deleted_account }
}
