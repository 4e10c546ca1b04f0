/**
 * A way into the D1 of a running Miniflare: a Worker beside the others runs what it is sent.
 * Miniflare's own way in (`getD1Database`) takes a thread and 0.3 s to open, and every
 * statement through it blocks this process, with the mail server that may run in it.
 */
import type {
  D1Database,
  D1DatabaseSession,
  D1ExecResult,
  D1PreparedStatement,
  D1Result,
} from '@cloudflare/workers-types'

/** To be put among the `workers` of Miniflare: it answers on a socket of its own. */
export function d1Worker(name: string, database: string) {
  return {
    name,
    modules: true,
    script: SCRIPT,
    compatibilityDate: '2026-07-01',
    d1Databases: { DB: database },
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  }
}

const SCRIPT = `export default {
  async fetch(request, { DB }) {
    const { statements, script } = await request.json()
    const prepared = statements.map(({ sql, values }) => DB.prepare(sql).bind(...values))
    try {
      if (script !== undefined) return Response.json(await DB.exec(script))
      const [first, ...more] = prepared
      return Response.json(more.length > 0 ? await DB.batch(prepared) : [await first.all()])
    } catch ({ message }) {
      return Response.json({ message }, { status: 500 })
    }
  },
}`

/**
 * The D1 behind a `d1Worker`. Values are what JSON knows: no bytes, no `undefined`.
 *
 * @example
 * const db = createD1Client(await miniflare.unsafeGetDirectURL('database'))
 * const row = await db.prepare('SELECT id FROM account WHERE address_key = ?1').bind(key).first()
 */
export function createD1Client(url: URL): D1Database {
  return new Client(url)
}

interface Sent {
  sql: string
  values: readonly unknown[]
}

class Client implements D1Database {
  readonly #url: URL

  constructor(url: URL) {
    this.#url = url
  }

  prepare(sql: string): Statement {
    return new Statement(this, { sql, values: [] })
  }

  batch<Row>(statements: D1PreparedStatement[]): Promise<D1Result<Row>[]> {
    return this.send<Row>(statements.map((statement) => ours(statement).sent))
  }

  exec(script: string): Promise<D1ExecResult> {
    return this.#post({ statements: [], script })
  }

  send<Row>(statements: readonly Sent[]): Promise<D1Result<Row>[]> {
    return this.#post({ statements })
  }

  withSession(): D1DatabaseSession {
    throw new TypeError('Cannot open a session: this way into D1 has none')
  }

  dump(): Promise<ArrayBuffer> {
    throw new TypeError('Cannot dump: this way into D1 has no such thing')
  }

  /** What the Worker answers is the caller's word, as a row's type is. */
  async #post<Answered>(body: object): Promise<Answered> {
    const answer = await fetch(this.#url, { method: 'POST', body: JSON.stringify(body) })
    if (answer.ok) return (await answer.json()) as Answered
    throw new Error(((await answer.json()) as { message: string }).message)
  }
}

class Statement implements D1PreparedStatement {
  readonly sent: Sent
  readonly #client: Client

  constructor(client: Client, sent: Sent) {
    this.#client = client
    this.sent = sent
  }

  bind(...values: unknown[]): Statement {
    return new Statement(this.#client, { ...this.sent, values: values.map(toJson) })
  }

  first<Value>(column: string): Promise<Value | null>
  first<Row = Record<string, unknown>>(): Promise<Row | null>
  async first<Value>(column?: string): Promise<Value | null> {
    const { results } = await this.all<Record<string, Value> & Value>()
    const [row] = results
    if (row === undefined) return null
    return column === undefined ? row : (row[column] ?? null)
  }

  async all<Row = Record<string, unknown>>(): Promise<D1Result<Row>> {
    const [result] = await this.#client.send<Row>([this.sent])
    if (result === undefined) throw new TypeError('The database has answered nothing')
    return result
  }

  run<Row = Record<string, unknown>>(): Promise<D1Result<Row>> {
    return this.all<Row>()
  }

  raw<Row = unknown[]>(options: { columnNames: true }): Promise<[string[], ...Row[]]>
  raw<Row = unknown[]>(options?: { columnNames?: false }): Promise<Row[]>
  raw(): Promise<never> {
    throw new TypeError('Cannot give rows as arrays: nothing here asks for them')
  }
}

function ours(statement: D1PreparedStatement): Statement {
  if (statement instanceof Statement) return statement
  throw new TypeError('Cannot run a statement of another database')
}

function toJson(value: unknown): unknown {
  const fits = value === null || ['string', 'number', 'boolean'].includes(typeof value)
  if (fits) return value
  throw new TypeError(`Cannot send ${typeof value} to the database`)
}
