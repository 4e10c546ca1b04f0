/**
 * A database that waits while another program writes to its file, beside other requests.
 *
 * `wrangler dev` and Miniflare keep D1 in a file that others may open, as the
 * operator's commands do; workerd sets no busy timeout and fails at once. Beside
 * an import, four of ten asks were answered by 503. On Deno a busy timeout would
 * hold the whole process. The D1 of Cloudflare has one writer and never says so.
 */
import type { D1Database, D1PreparedStatement } from '@cloudflare/workers-types'
import { persist } from './persist.ts'

/** The same database; a batch or a statement that found it busy has done nothing, and is tried again. */
export function patientDatabase(db: D1Database): D1Database {
  return {
    prepare: (sql) => new PatientStatement(db.prepare(sql)),
    batch: (statements) => untilFree(() => db.batch(statements.map(originalOf))),
    exec: (sql) => untilFree(() => db.exec(sql)),
    withSession: (constraint) => db.withSession(constraint),
    dump: () => db.dump(),
  }
}

function untilFree<Result>(work: () => Promise<Result>): Promise<Result> {
  return persist(work, isBusy)
}

/** https://sqlite.org/rescode.html#busy, with its extended codes. */
function isBusy({ message }: Error): boolean {
  return message.startsWith('D1_ERROR:') && /\bSQLITE_BUSY/.test(message)
}

function originalOf(statement: D1PreparedStatement): D1PreparedStatement {
  return statement instanceof PatientStatement ? statement.original : statement
}

class PatientStatement implements D1PreparedStatement {
  readonly original: D1PreparedStatement

  constructor(original: D1PreparedStatement) {
    this.original = original
  }

  bind(...values: unknown[]): PatientStatement {
    return new PatientStatement(this.original.bind(...values))
  }

  first<Value>(column: string): Promise<Value | null>
  first<Row = Record<string, unknown>>(): Promise<Row | null>
  first(column?: string): Promise<unknown> {
    const { original } = this
    return untilFree(() => (column === undefined ? original.first() : original.first(column)))
  }

  run<Row = Record<string, unknown>>() {
    return untilFree(() => this.original.run<Row>())
  }

  all<Row = Record<string, unknown>>() {
    return untilFree(() => this.original.all<Row>())
  }

  raw<Row = unknown[]>(options: { columnNames: true }): Promise<[string[], ...Row[]]>
  raw<Row = unknown[]>(options?: { columnNames?: false }): Promise<Row[]>
  raw(options?: { columnNames?: boolean }): Promise<unknown> {
    const { original } = this
    return untilFree<unknown>(() =>
      options?.columnNames === true ? original.raw({ columnNames: true }) : original.raw(),
    )
  }
}
