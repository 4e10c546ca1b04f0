/** Whose turn it is in the outbox, on SQLite itself: the order, and what finding it reads. */
import { readdir, readFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrate } from '../../src/platform/migrate.ts'
import { openSqlite, type SqliteDatabase } from '../../src/platform/sqlite-d1.ts'
import type { OutboxClaim } from '../../src/mail/outbox.ts'
import { createOutboxStore } from '../../src/store/outbox.ts'

const folder = 'src/store/migrations'
let db: SqliteDatabase

beforeEach(async () => {
  db = openSqlite(':memory:')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql'))
  const texts = await Promise.all(names.map((name) => readFile(`${folder}/${name}`, 'utf8')))
  await migrate(
    db,
    names.map((name, index) => ({ name, sql: texts[index] ?? '' })),
  )
})

afterEach(() => db[Symbol.dispose]())

interface Row {
  purpose: string
  at: number
}

async function seed(rows: readonly Row[]): Promise<void> {
  const insert = db.prepare(
    `INSERT INTO outbox (id, purpose, address, address_key, locale, next_attempt_at, created_at)
     VALUES (?1, ?2, ?1, ?1, 'en', ?3, ?3)`,
  )
  await db.batch(
    rows.map(({ purpose, at }, n) => insert.bind(`${purpose} ${at} ${n}`, purpose, at)),
  )
}

function claimOf(count: number, now: number): OutboxClaim {
  return { count, lease: 60, quota: { count: 3, seconds: 1800 }, now }
}

async function claimed(count: number, now: number): Promise<string[]> {
  const rows = await createOutboxStore(db).claim(claimOf(count, now))
  return rows.map(({ id }) => id)
}

test('warnings come before links, links of accounts before those of strangers, each in their order', async () => {
  await seed([
    { purpose: 'error-report', at: 1 },
    { purpose: 'register', at: 2 },
    { purpose: 'reset', at: 5 },
    { purpose: 'reset', at: 4 },
    { purpose: 'password-changed', at: 6 },
  ])
  const turns: string[][] = []
  for (let n = 0; n < 6; n++) turns.push(await claimed(1, 10))
  expect(turns).toEqual([
    ['password-changed 6 4'],
    ['reset 4 3'],
    ['reset 5 2'],
    ['register 2 1'],
    ['error-report 1 0'],
    [],
  ])
})

test('what is not due yet, or in another hand, is passed by', async () => {
  await seed([
    { purpose: 'reset', at: 50 },
    { purpose: 'reset', at: 1 },
    { purpose: 'register', at: 2 },
  ])
  expect((await claimed(2, 10)).toSorted()).toEqual(['register 2 2', 'reset 1 1'])
  expect(await claimed(2, 49)).toEqual([])
  expect((await claimed(5, 71)).toSorted()).toEqual(['register 2 2', 'reset 1 1', 'reset 50 0'])
})

test('a delivery finds its rows by an index, whatever waits', async () => {
  const statements: string[] = []
  const listening = {
    prepare(sql: string) {
      statements.push(sql)
      return db.prepare(sql)
    },
  } as SqliteDatabase
  await createOutboxStore(listening).claim(claimOf(20, 10))
  expect(statements).toHaveLength(1)
  const { results } = await db
    .prepare(`EXPLAIN QUERY PLAN ${statements[0]}`)
    .bind(20, 10, 60, 1800, 3)
    .all<{ detail: string }>()
  const reads = results.map(({ detail }) => detail).filter((detail) => detail.includes('outbox'))
  expect(reads.filter((detail) => detail.startsWith('SCAN'))).toEqual([])
  expect(
    reads.filter((detail) => detail.includes('outbox_turn (purpose=? AND next_attempt_at<?)')),
  ).toHaveLength(4)
})
