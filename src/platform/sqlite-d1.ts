/**
 * SQLite in a file, in the shape of D1: the same SQL and the same stores serve
 * both. One process or several may have the file open (WAL).
 *
 * What D1 has beyond statements and batches is not here: no sessions on
 * replicas, no dumps.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type {
  D1Database,
  D1DatabaseSession,
  D1ExecResult,
  D1PreparedStatement,
  D1Result,
} from '@cloudflare/workers-types'

/** In milliseconds: how long a statement waits for another process that is writing. */
const BUSY_TIMEOUT = 5000

export interface SqliteDatabase extends D1Database, Disposable {}

/**
 * Opens the file, or makes it; `:memory:` is a database of its own.
 *
 * @example
 * using db = openSqlite('sparekey.db')
 * const row = await db.prepare('SELECT id FROM account WHERE address_key = ?1').bind(key).first()
 */
export function openSqlite(path: string): SqliteDatabase {
  const sqlite = new DatabaseSync(path)
  sqlite.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`)
  sqlite.exec('PRAGMA journal_mode = WAL')
  // What was accepted outlives a power cut (the default of a WAL database that is not built for speed).
  sqlite.exec('PRAGMA synchronous = FULL')
  sqlite.exec('PRAGMA foreign_keys = ON')
  return new Database(sqlite)
}

class Database implements SqliteDatabase {
  readonly #sqlite: DatabaseSync
  readonly #prepared = new Map<string, StatementSync>()

  constructor(sqlite: DatabaseSync) {
    this.#sqlite = sqlite
  }

  prepare(sql: string): Statement {
    return new Statement(this, sql, [])
  }

  /** One transaction: every statement or none. Nothing can come in between, since SQLite here is synchronous. */
  async batch<Row>(statements: D1PreparedStatement[]): Promise<D1Result<Row>[]> {
    return asD1(() => {
      this.#step('BEGIN IMMEDIATE')
      try {
        const results = statements.map((statement) => this.run<Row>(ours(statement)))
        this.#step('COMMIT')
        return results
      } catch (error) {
        if (this.#sqlite.isTransaction) this.#step('ROLLBACK')
        throw error
      }
    })
  }

  async exec(sql: string): Promise<D1ExecResult> {
    return asD1(() => {
      this.#sqlite.exec(sql)
      return { count: 1, duration: 0 }
    })
  }

  withSession(): D1DatabaseSession {
    throw new TypeError('Cannot read from a replica: a file has none')
  }

  dump(): Promise<ArrayBuffer> {
    throw new TypeError('Cannot dump: copy the file with sqlite3 .backup')
  }

  run<Row>({ sql, values }: Statement): D1Result<Row> {
    const statement = this.#prepare(sql)
    const before = this.#totalChanges()
    const rows = statement.all(...values)
    const changes = this.#totalChanges() - before
    // A row's type is the caller's word, as it is with D1.
    const results = rows.map((row) => ({ ...row })) as Row[]
    return { success: true, results, meta: { ...NO_META, changes, changed_db: changes > 0 } }
  }

  [Symbol.dispose](): void {
    this.#prepared.clear()
    if (this.#sqlite.isOpen) this.#sqlite.close()
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#prepared.get(sql) ?? this.#sqlite.prepare(sql)
    this.#prepared.set(sql, statement)
    return statement
  }

  /** As a statement, since Deno's `exec` gives its errors no code. */
  #step(sql: 'BEGIN IMMEDIATE' | 'COMMIT' | 'ROLLBACK'): void {
    this.#prepare(sql).run()
  }

  #totalChanges(): number {
    return Number(this.#prepare('SELECT total_changes() AS total').get()?.['total'])
  }
}

class Statement implements D1PreparedStatement {
  readonly database: Database
  readonly sql: string
  readonly values: readonly SQLInputValue[]

  constructor(database: Database, sql: string, values: readonly SQLInputValue[]) {
    this.database = database
    this.sql = sql
    this.values = values
  }

  bind(...values: unknown[]): Statement {
    return new Statement(this.database, this.sql, values.map(toInput))
  }

  first<Value>(column: string): Promise<Value | null>
  first<Row = Record<string, unknown>>(): Promise<Row | null>
  async first<Value>(column?: string): Promise<Value | null> {
    const { results } = await this.all<Record<string, Value> & Value>()
    const [row] = results
    if (row === undefined) return null
    return column === undefined ? row : (row[column] ?? null)
  }

  async run<Row = Record<string, unknown>>(): Promise<D1Result<Row>> {
    return asD1(() => this.database.run<Row>(this))
  }

  all<Row = Record<string, unknown>>(): Promise<D1Result<Row>> {
    return this.run<Row>()
  }

  raw<Row = unknown[]>(options: { columnNames: true }): Promise<[string[], ...Row[]]>
  raw<Row = unknown[]>(options?: { columnNames?: false }): Promise<Row[]>
  raw(): Promise<never> {
    throw new TypeError('Cannot give rows as arrays: nothing here asks for them')
  }
}

const NO_META = { duration: 0, size_after: 0, rows_read: 0, rows_written: 0, last_row_id: 0 }

function ours(statement: D1PreparedStatement): Statement {
  if (statement instanceof Statement) return statement
  throw new TypeError('Cannot run a statement of another database')
}

/**
 * D1 takes these, and refuses `undefined` (D1_TYPE_ERROR). Text with NUL is
 * refused, too: Deno's node:sqlite would keep what stands before it, silently.
 */
function toInput(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return Number(value)
  if (value === null || typeof value === 'number' || value instanceof Uint8Array) return value
  if (typeof value === 'string' && !value.includes('\0')) return value
  if (typeof value === 'string') throw new Error('D1_TYPE_ERROR: Text with NUL is not supported')
  throw new Error(`D1_TYPE_ERROR: Type '${typeof value}' not supported for a value`)
}

/** Errors begin and end as D1's do, so that an outage is known as one whatever the database. */
async function asD1<Result>(work: () => Result): Promise<Result> {
  try {
    return work()
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`D1_ERROR: ${message}: ${nameOfCode(cause)}`, { cause })
  }
}

/** By SQLite's primary result codes (https://sqlite.org/rescode.html), the last byte of an extended one. */
const codeNames: Readonly<Record<number, string>> = {
  1: 'SQLITE_ERROR',
  5: 'SQLITE_BUSY',
  19: 'SQLITE_CONSTRAINT',
}

function nameOfCode(error: unknown): string {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : NaN
  return codeNames[code] ?? 'SQLITE'
}
