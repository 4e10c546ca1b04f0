/**
 * `npm run import -- FILE --sql`: the text that it writes, executed by SQLite and by wrangler,
 * which takes it apart by rules of its own.
 */
import { readFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runStatements } from '../../build/sql-statements.ts'
import { readMigrations } from '../../build/worker.ts'
import { sqlTarget } from '../../commands/import/target.ts'
import { dump } from '../database.ts'
import { Clone } from './clone.ts'
import {
  accountsOf,
  bcrypt,
  type Database,
  type Files,
  importFile,
  type ImportSettings,
  manyRows,
  now,
  useImporting,
} from './importing.ts'

let files: Files
let database: Database

useImporting((fresh) => ({ files, database } = fresh))

/** Names that mean something to SQL, to JSON, or to whoever splits a file into statements. */
const hostile = [
  `x'); DROP TABLE account; --?1?2$&`,
  `O'Brien "the quote" \\' \\" \\u0027 ''`,
  'two\r\nlines; and\ttabs',
  'NUL \u0000 in the middle',
  'BEGIN TRANSACTION; COMMIT;',
  'BEGIN TRANSACTION',
  'CREATE TRIGGER x AFTER INSERT ON y BEGIN SELECT 1;',
  '/* never closed',
  '-- never ended',
  'Łukasz 田中 👩‍👩‍👧 مرحبا e\u0301 \u2028 \ufeff',
  `half an emoji \ud83d`,
  '`$'.repeat(200),
  '🔑'.repeat(500),
  'null',
]
const hostileRows = hostile.map((name, index) => ({
  id: `id 'of' ${name.slice(0, 20)}`.replaceAll(/[\p{Cc}\p{Cs}]/gu, '?') + index,
  email: index % 2 === 0 ? `o'brien+${index}@example.com` : `ünï{${index}}@exämple.com`,
  password: bcrypt,
  name,
  language: 'ja',
}))

async function writeSql(path: string, { bringBack = false, ...settings }: ImportSettings = {}) {
  await using target = await sqlTarget(`${path}.sql`, { now, bringBack })
  await importFile(database.db, path, { ...settings, target })
  return `${path}.sql`
}

async function execute(path: string): Promise<void> {
  await database.db.exec(await readFile(path, 'utf8'))
}

/** Accounts but for our ids, which are drawn anew by each import. */
async function withoutIds() {
  const { results } = await database.db
    .prepare(`SELECT * FROM account ORDER BY address_key`)
    .all<Record<string, unknown>>()
  return results.map((account) => ({ ...account, id: null }))
}

test('comes to the same as an import, whatever stands in a name or an id, and may be executed again', async () => {
  const path = await files.writeRows(...hostileRows)
  const sql = await writeSql(path)
  expect(await importFile(database.db, path)).toMatchObject({ imported: hostile.length })
  const imported = await withoutIds()
  await database.db.prepare('DELETE FROM account').run()
  await execute(sql)
  expect(await withoutIds()).toEqual(imported)
  const before = await dump(database.db)
  await execute(sql)
  expect(await dump(database.db)).toEqual(before)
})

test('has nothing in it that could end a text, a statement or a line', async () => {
  const text = await readFile(await writeSql(await files.writeRows(...hostileRows)), 'utf8')
  const literals = [...text.matchAll(/'\[.*?\]'/g)].map(([literal]) => literal.slice(1, -1))
  expect(literals.length).toBeGreaterThan(1)
  for (const literal of literals) expect(literal).toMatch(/^[\w@.$+/=:,"\\[\]-]+$/)
})

test('is in statements of a few kilobytes, however many accounts there are', async () => {
  const path = await writeSql(await files.writeRows(...manyRows(700), ...hostileRows))
  using db = new DatabaseSync(':memory:')
  for (const statement of await readMigrations()) db.exec(statement)
  const statements = runStatements(db, await readFile(path, 'utf8'))
  expect(Math.max(...statements.map((text) => Buffer.byteLength(text)))).toBeLessThan(10_000)
  const accounts = 700 + hostile.length
  expect(db.prepare('SELECT count(*) AS accounts FROM account').get()).toEqual({ accounts })
})

test('is no file when the import was stopped', async () => {
  const path = await files.writeRows(...manyRows(1500))
  await expect(readFile(await writeSql(path, { batches: 1 }))).rejects.toThrow('ENOENT')
})

test('leaves out whom the operator of that database has deleted, unless --deleted was given', async () => {
  const path = await files.writeRows(...manyRows(2))
  const { db } = database
  await db.prepare(`INSERT INTO deleted_account VALUES ('aaaaaaaaaaaa', '1', ${now})`).run()
  await execute(await writeSql(path))
  expect(await accountsOf(db)).toMatchObject([{ legacy_id: '2' }])
  await execute(await writeSql(path, { bringBack: true }))
  expect((await dump(db)).account).toHaveLength(2)
  expect((await dump(db)).deleted_account).toEqual([])
})

describe('wrangler d1 execute --local --file', () => {
  let clone: Clone
  beforeAll(async () => {
    clone = await Clone.make()
  })
  afterAll(() => clone[Symbol.asyncDispose]())

  test('takes what the command writes', { timeout: 120_000 }, async () => {
    const nameless = manyRows(1000).map((row) => ({ ...row, id: undefined }))
    const rows = [...hostileRows, ...nameless]
    const path = await files.writeRows(...rows)
    expect(await clone.run('import', path, '--sql', 'accounts.sql')).toMatchObject({ status: 0 })
    const dry = await clone.run('import', path, '--dry-run')
    expect(dry.stdout).toContain(`${rows.length} would be imported`)
    const execution = await clone.wrangler(
      ...['d1', 'execute', 'sparekey', '--local', '--file', 'accounts.sql'],
    )
    expect(execution).toMatchObject({ status: 0 })
    using executed = clone.database()
    const select =
      'SELECT address, username, password_hash, legacy_id FROM account ORDER BY address_key'
    await importFile(database.db, path)
    const { results } = await database.db.prepare(select).all()
    expect(executed.prepare(select).all()).toEqual(results)
    expect(results).toHaveLength(rows.length)
  })
})
