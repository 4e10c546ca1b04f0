/**
 * What the stores rely on in a database, asked of both: D1 on workerd, and
 * SQLite on Deno in D1's shape.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { startApp } from '../app.ts'
import { startDenoApp } from '../deno-app.ts'

interface Statement {
  sql: string
  values: unknown[]
}

interface Result {
  success: boolean
  results: Record<string, unknown>[]
  meta: { changes: number }
}

/** Runs statements as one batch; throws what the database says. */
type Batch = (...statements: Statement[]) => Promise<Result[]>

interface Database extends AsyncDisposable {
  batch: Batch
}

let mail: MailServer

beforeAll(async () => {
  mail = await startMailServer()
})

afterAll(() => mail.stop())

async function openD1(): Promise<Database> {
  const app = await startApp({ mail })
  return {
    async batch(...statements) {
      const prepared = statements.map(({ sql, values }) => app.db.prepare(sql).bind(...values))
      return app.db.batch<Record<string, unknown>>(prepared)
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}

async function openSqliteOnDeno(): Promise<Database> {
  const app = await startDenoApp({ mail })
  return {
    async batch(...statements) {
      const answer = (await app.order({ batch: statements })) as {
        results: Result[]
        error?: string
      }
      if (answer.error !== undefined) throw new Error(answer.error)
      return answer.results
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}

const databases: [string, () => Promise<Database>][] = [
  ['D1 on workerd', openD1],
  ['SQLite on Deno', openSqliteOnDeno],
]

describe.each(databases)('%s', (_, open) => {
  let database: Database
  const run = async (sql: string, ...values: unknown[]) => {
    const [result] = await database.batch({ sql, values })
    return result
  }
  const rows = async () => (await run('SELECT id, name FROM thing ORDER BY id'))?.results

  beforeAll(async () => {
    database = await open()
    await run('CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT')
    await run(`CREATE TABLE part (thing INTEGER NOT NULL REFERENCES thing (id)) STRICT`)
  })

  afterAll(() => database[Symbol.asyncDispose]())

  beforeEach(async () => {
    await run('DELETE FROM part')
    await run('DELETE FROM thing')
    await run(`INSERT INTO thing (id, name) VALUES (1, 'one'), (2, 'two')`)
  })

  test('numbers its parameters, and takes one several times', async () => {
    const result = await run('SELECT ?2 AS second, ?1 AS first, ?2 AS again', 'a', 'b')
    expect(result?.results).toEqual([{ second: 'b', first: 'a', again: 'b' }])
  })

  test('counts the rows that a statement changed', async () => {
    expect((await run(`UPDATE thing SET name = name || '!'`))?.meta.changes).toBe(2)
    expect((await run('DELETE FROM thing WHERE id = ?1', 3))?.meta.changes).toBe(0)
    expect(
      (await run(`INSERT INTO thing VALUES (2, 'x') ON CONFLICT DO NOTHING`))?.meta.changes,
    ).toBe(0)
    expect((await run('SELECT * FROM thing'))?.meta.changes).toBe(0)
  })

  test('returns the rows that a statement changed, and counts them', async () => {
    const result = await run('UPDATE thing SET name = ?1 WHERE id = 2 RETURNING id, name', 'zwei')
    expect(result).toMatchObject({ results: [{ id: 2, name: 'zwei' }], meta: { changes: 1 } })
  })

  test('runs every statement of a batch, also after one that hit nothing', async () => {
    const results = await database.batch(
      { sql: 'UPDATE thing SET name = ?1 WHERE id = 7', values: ['seven'] },
      { sql: 'DELETE FROM thing WHERE id = ?1', values: [1] },
      { sql: 'SELECT count(*) AS count FROM thing', values: [] },
    )
    expect(results.map(({ meta }) => meta.changes)).toEqual([0, 1, 0])
    expect(results[2]?.results).toEqual([{ count: 1 }])
  })

  test('undoes a whole batch when one statement fails, and says so as D1 does', async () => {
    const batch = database.batch(
      { sql: `INSERT INTO thing VALUES (3, 'three')`, values: [] },
      { sql: `INSERT INTO thing VALUES (4, 'one')`, values: [] },
    )
    await expect(batch).rejects.toThrow(/^D1_ERROR: UNIQUE constraint failed: thing\.name/)
    expect(await rows()).toEqual([
      { id: 1, name: 'one' },
      { id: 2, name: 'two' },
    ])
  })

  test('keeps types, references and what must not be missing', async () => {
    await expect(run('INSERT INTO part VALUES (?1)', 9)).rejects.toThrow(/FOREIGN KEY/)
    await expect(run('INSERT INTO part VALUES (?1)', 'one')).rejects.toThrow(/INTEGER column/)
    await expect(run('INSERT INTO thing VALUES (5, ?1)', null)).rejects.toThrow(/NOT NULL/)
  })

  test('gives back texts, integers and null as they came', async () => {
    const [text, integer] = ['Ünï 💚 end', 2 ** 40]
    const result = await run('SELECT ?1 AS text, ?2 AS integer, ?3 AS absent', text, integer, null)
    expect(result?.results).toEqual([{ text, integer, absent: null }])
  })

  test('gives back the whole of a text with NUL in it, or refuses it', async () => {
    const text = 'before\0after'
    const given = await run('SELECT ?1 AS text', text).then(
      (result) => result?.results[0]?.['text'],
      (error: Error) => error.message,
    )
    expect([text, 'D1_TYPE_ERROR: Text with NUL is not supported']).toContain(given)
  })

  test('tells a statement that does not fit the tables from all other trouble', async () => {
    const message = async (sql: string, ...values: unknown[]) =>
      run(sql, ...values).then(
        () => 'no error',
        (error: Error) => error.message,
      )
    const unfit = ['SELECT missing FROM thing', 'SELECT * FROM missing', 'SELEKT 1']
    for (const sql of unfit) expect(await message(sql)).toMatch(/^D1_ERROR: .*: SQLITE_ERROR$/)
    const taken = await message(`INSERT INTO thing (name) VALUES (?1)`, 'one')
    expect(taken).toMatch(/^D1_ERROR: UNIQUE constraint failed: thing\.name: SQLITE_CONSTRAINT/)
  })

  test('lets one of many claims of a row win', async () => {
    const claim = {
      sql: `UPDATE thing SET name = 'taken' WHERE id = 1 AND name = 'one'`,
      values: [],
    }
    const results = await Promise.all(Array.from({ length: 20 }, () => database.batch(claim)))
    expect(results.flat().filter(({ meta }) => meta.changes === 1)).toHaveLength(1)
  })
})
