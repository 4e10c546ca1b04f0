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

/** As if each address had asked for an account `now`, in Unix seconds. */
export async function seedOutbox(
  { db }: Pick<RunningApp, 'db'>,
  addresses: readonly string[],
  now = Math.floor(Date.now() / 1000),
): Promise<void> {
  const insert = db.prepare(
    `INSERT INTO outbox (id, purpose, address, address_key, locale, next_attempt_at, created_at)
     VALUES (?1, 'register', ?2, ?2, 'en', ?3, ?3)`,
  )
  const rows = addresses.map((address) =>
    insert.bind(crypto.randomUUID().slice(0, 12), address, now),
  )
  await db.batch(rows)
}

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

/** Whatever a test has made of the database: what is in it then is what the migrations make. */
export async function beginAnew(
  db: RunningApp['db'],
  migrations: readonly string[],
): Promise<void> {
  const { results } = await db
    .prepare(
      `SELECT name FROM sqlite_schema
       WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*'`,
    )
    .all<{ name: string }>()
  const drops = results.map(({ name }) => `DROP TABLE "${name}"`)
  await db.batch([...drops, ...migrations].map((statement) => db.prepare(statement)))
}
