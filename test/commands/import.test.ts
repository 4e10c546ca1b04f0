/**
 * What is imported and what is not, from every kind of file, into a real D1.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { hashSync } from 'bcryptjs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { unstable_splitSqlQuery as splitSql } from 'wrangler'
import { exportCsv, exportJsonLines } from '../../commands/export/formats.ts'
import type { Columns } from '../../commands/import/columns.ts'
import { openSource } from '../../commands/import/open-source.ts'
import { runImport, type Skip } from '../../commands/import/run-import.ts'
import { Seen } from '../../commands/import/seen.ts'
import { databaseTarget, dryTarget, sqlTarget, type Target } from '../../commands/import/target.ts'
import { newId, secureRandom } from '../../src/account/random.ts'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { isLocale } from '../../templates/locales/index.ts'
import { type App, startApp } from '../app.ts'
import { dump } from '../database.ts'

const now = 1_800_000_000
const bcrypt = hashSync('testing', 4)

let mail: MailServer
let app: App
let folder: string

beforeAll(async () => {
  mail = await startMailServer()
  app = await startApp({ mail })
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparekey-import-'))
})

afterEach(async () => {
  await app.db.exec('DELETE FROM account')
  await rm(folder, { recursive: true })
})

afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await mail.stop()
})

interface Options {
  target?: Target
  table?: string
  named?: Columns
  /** Stops after so many batches. */
  batches?: number
}

async function importFile(path: string, { table, named = {}, batches, target }: Options = {}) {
  const skips: Skip[] = []
  let done = 0
  using source = await openSource(path, { table, named })
  using seen = new Seen()
  const tally = await runImport({
    rows: source.rows(),
    defaults: { locale: 'en', isLocale, now, newId: () => newId(secureRandom) },
    seen,
    target: target ?? databaseTarget(app.db, now),
    shouldStop: () => done === batches,
    onSkip: (skip) => skips.push(skip),
    onProgress: () => (done += 1),
  })
  const { skipped: _, ...counts } = tally
  return { ...counts, skips }
}

/** Writes a SQLite file by the statements that an app's schema has. */
function makeDatabase(name: string, sql: string): string {
  const path = join(folder, name)
  const db = new DatabaseSync(path)
  db.exec(sql)
  db.close()
  return path
}

const write = async (name: string, text: string) => {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

const flaskblog = `CREATE TABLE user (id INTEGER NOT NULL, username VARCHAR(20) NOT NULL, email VARCHAR(120) NOT NULL,
    image_file VARCHAR(20) NOT NULL, password VARCHAR(60) NOT NULL, PRIMARY KEY (id), UNIQUE (username), UNIQUE (email));
  CREATE TABLE post (id INTEGER NOT NULL, title VARCHAR(100) NOT NULL, content TEXT NOT NULL, user_id INTEGER NOT NULL);`

const rowsOf = async () => (await dump(app.db)).account

describe('the database of', () => {
  test('a flaskblog: the table is found, hash, name and id are taken along, nothing is proven', async () => {
    const path = makeDatabase(
      'site.db',
      `${flaskblog} INSERT INTO user VALUES (7, 'ana', 'Ana@Example.com', 'default.jpg', '${bcrypt}')`,
    )
    expect(await importFile(path)).toMatchObject({ read: 1, imported: 1, skips: [] })
    expect(await rowsOf()).toEqual([
      {
        id: expect.stringMatching(/^[\w-]{12}$/),
        address: 'Ana@Example.com',
        address_key: 'ana@example.com',
        username: 'ana',
        password_hash: bcrypt,
        credential_version: 1,
        locale: 'en',
        legacy_id: '7',
        proven_at: null,
        disabled_at: null,
        created_at: now,
      },
    ])
  })

  test('a microblog: its Werkzeug hashes too, and one row of audit for each', async () => {
    const hash = `scrypt:32768:8:1$Hq0LzXrmP0S9vG5E$${'0a'.repeat(64)}`
    const path = makeDatabase(
      'app.db',
      `CREATE TABLE alembic_version (version_num VARCHAR(32));
       CREATE TABLE user (id INTEGER NOT NULL PRIMARY KEY, username VARCHAR(64), email VARCHAR(120),
         password_hash VARCHAR(256), about_me VARCHAR(140), last_seen DATETIME);
       INSERT INTO user VALUES (1, 'susan', 'susan@example.com', '${hash}', NULL, NULL)`,
    )
    await importFile(path)
    const { account, audit } = await dump(app.db)
    expect(account).toMatchObject([{ password_hash: hash, username: 'susan', legacy_id: '1' }])
    expect(audit.filter(({ account_id }) => account_id === account[0]?.['id'])).toMatchObject([
      { event: 'account-imported', address: 's***@example.com', at: now },
    ])
  })

  test('a reader who stored bytes, dates and who is barred', async () => {
    const path = makeDatabase(
      'app.sqlite',
      `CREATE TABLE members (uid TEXT, mail TEXT, pw_hash BLOB, is_active BOOLEAN, created DATETIME);
       INSERT INTO members VALUES
         ('0b3a', 'ana@example.com', CAST('${bcrypt}' AS BLOB), 1, '2020-05-02 18:03:09.000000'),
         ('0b3b', 'bo@example.com', CAST('${bcrypt}' AS BLOB), 0, 1588442589)`,
    )
    await importFile(path)
    expect(await rowsOf()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ legacy_id: '0b3a', created_at: 1588442589, disabled_at: null }),
        expect.objectContaining({ legacy_id: '0b3b', created_at: 1588442589, disabled_at: now }),
      ]),
    )
  })

  test('an app with names of its own, by options', async () => {
    const path = makeDatabase(
      'x.db',
      `CREATE TABLE "my people" (nr INTEGER, "e mail" TEXT, geheim TEXT);
       INSERT INTO "my people" VALUES (3, 'ana@example.com', '${bcrypt}')`,
    )
    await expect(importFile(path)).rejects.toThrow('name it by --table')
    const named = { legacyId: 'nr', address: 'e mail', passwordHash: 'geheim' }
    expect(await importFile(path, { table: 'my people', named })).toMatchObject({ imported: 1 })
    expect(await rowsOf()).toMatchObject([{ legacy_id: '3', username: 'ana' }])
  })

  test('an app with two tables of people asks which', async () => {
    const columns = '(id INTEGER, email TEXT, password TEXT)'
    const path = makeDatabase('x.db', `CREATE TABLE user ${columns}; CREATE TABLE users ${columns}`)
    await expect(importFile(path)).rejects.toThrow(
      'Several tables may hold the accounts (user, users)',
    )
    await expect(importFile(path, { table: 'nobody' })).rejects.toThrow('There is no table nobody')
  })
})

const csv = `\uFEFFid,email,password,name\r\n1,ana@example.com,${bcrypt},"Ana ""A,"" Example"\r\n\r\n2,bo@example.com,${bcrypt},"two\r\nlines"\r\n`
const jsonLines = [
  { id: 1, email: 'ana@example.com', password: bcrypt, name: 'Ana "A," Example' },
  { id: 2, email: 'bo@example.com', password: bcrypt, name: 'two\r\nlines' },
]
  .map((row) => `${JSON.stringify(row)}\n`)
  .join('')

test.each([
  ['CSV', csv],
  ['JSON lines', jsonLines],
])('%s gives the same accounts', async (_kind, text) => {
  const path = await write('accounts', text)
  expect(await importFile(path)).toMatchObject({ read: 2, imported: 2 })
  expect(
    (await rowsOf()).toSorted((a, b) => Number(a['legacy_id']) - Number(b['legacy_id'])),
  ).toMatchObject([
    { legacy_id: '1', address: 'ana@example.com', username: 'Ana "A," Example' },
    { legacy_id: '2', address: 'bo@example.com', username: 'two lines' },
  ])
})

test('CSV whose quotation mark nobody closes says where, and imports nothing', async () => {
  const path = await write('accounts.csv', `id,email,password\n1,"ana@example.com,${bcrypt}\n`)
  await expect(importFile(path)).rejects.toThrow(/line 2|Quote Not Closed/)
  expect(await rowsOf()).toEqual([])
})

const mixed = [
  { id: 1, email: 'ana@example.com', password: bcrypt },
  { id: 2, email: 'ANA@EXAMPLE.COM', password: bcrypt },
  { id: 3, email: 'no address', password: bcrypt },
  { id: 4, email: 'md5@example.com', password: '5f4dcc3b5aa765d61d8327deb882cf99' },
  { id: 5, email: 'null@example.com', password: null },
  { id: 1, email: 'other@example.com', password: bcrypt },
  { id: 6, email: 'bo@example.com', password: bcrypt },
]
const mixedText = `${mixed.map((row) => JSON.stringify(row)).join('\n')}\nnot json\n[1]\n`
const mixedSkips = [
  { row: 2, id: '2', reason: 'same-address', earlierRow: 1 },
  { row: 3, id: '3', reason: 'bad-address' },
  { row: 4, id: '4', reason: 'unknown-hash' },
  { row: 5, id: '5', reason: 'unknown-hash' },
  { row: 6, id: '1', reason: 'same-id', earlierRow: 1 },
  { row: 8, id: null, reason: 'unreadable' },
  { row: 9, id: null, reason: 'unreadable' },
]

test('what cannot become an account is skipped, and the report says why', async () => {
  const path = await write('accounts.jsonl', mixedText)
  const report = { read: 9, imported: 2, alreadyThere: 0, stopped: false, skips: mixedSkips }
  expect(await importFile(path)).toEqual(report)
})

test('a second run changes nothing', async () => {
  const path = await write('accounts.jsonl', mixedText)
  await importFile(path)
  const before = await dump(app.db)
  expect(await importFile(path)).toMatchObject({ imported: 0, alreadyThere: 2, skips: mixedSkips })
  expect(await dump(app.db)).toEqual(before)
})

test('--dry-run says the same and changes nothing', async () => {
  const path = await write('accounts.jsonl', mixedText)
  const before = await dump(app.db)
  const dry = await importFile(path, { target: dryTarget(app.db) })
  expect(await dump(app.db)).toEqual(before)
  expect(await importFile(path)).toEqual(dry)
  const again = await importFile(path, { target: dryTarget(app.db) })
  expect(again).toMatchObject({ imported: 0, alreadyThere: 2 })
})

test('an account that is ours stays as it is, and gets no id of another app', async () => {
  const path = await write(
    'first.jsonl',
    JSON.stringify({ email: 'ana@example.com', password: bcrypt }),
  )
  await importFile(path)
  const before = await rowsOf()
  const other = await write('other.jsonl', mixedText)
  expect(await importFile(other)).toMatchObject({ imported: 1, alreadyThere: 1 })
  expect(await rowsOf()).toEqual(expect.arrayContaining(before))
})

test('an id that belongs to another address is not taken away from it', async () => {
  const row = { id: 1, email: 'ana@example.com', password: bcrypt }
  await importFile(await write('first.jsonl', JSON.stringify(row)))
  const other = await write('other.jsonl', JSON.stringify({ ...row, email: 'eve@example.com' }))
  const skips = [{ row: 1, id: '1', reason: 'id-taken' }]
  expect(await importFile(other, { target: dryTarget(app.db) })).toMatchObject({ skips })
  expect(await importFile(other)).toMatchObject({ imported: 0, skips })
  expect(await rowsOf()).toHaveLength(1)
})

describe('--sql', () => {
  const inject = `x'); DROP TABLE account; --?1?2$&`

  async function writeSql(text: string, options: Options = {}) {
    const source = await write('accounts.jsonl', text)
    const path = join(folder, 'accounts.sql')
    await using target = await sqlTarget(path, now)
    await importFile(source, { ...options, target })
    return path
  }

  const execute = async (path: string) => {
    const statements = splitSql(await readFile(path, 'utf8'))
    await app.db.batch(statements.map((statement) => app.db.prepare(statement)))
  }

  test('writes what comes to the same, whatever stands in a name, and may be executed again', async () => {
    const named = mixed.map((row) => JSON.stringify({ ...row, name: inject })).join('\n')
    const path = await writeSql(named)
    await execute(path)
    const first = await dump(app.db)
    const keys = first.account.map(({ address_key }) => address_key)
    expect(new Set(keys)).toEqual(new Set(['ana@example.com', 'bo@example.com']))
    expect(first.account.map(({ username }) => username)).toEqual([inject, inject])
    await execute(path)
    expect(await dump(app.db)).toEqual(first)
  })

  test('writes statements of a few kilobytes, however many accounts there are', async () => {
    const path = await writeSql(manyRows(700))
    const statements = (await readFile(path, 'utf8')).split(';\n')
    expect(Math.max(...statements.map((text) => Buffer.byteLength(text)))).toBeLessThan(6_000)
    await execute(path)
    expect(await rowsOf()).toHaveLength(700)
  })

  test('leaves no file when it was stopped', async () => {
    const path = await writeSql(manyRows(1500), { batches: 1 })
    await expect(readFile(path)).rejects.toThrow('ENOENT')
  })
})

function manyRows(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    email: `person-${index}@example.com`,
    password: bcrypt,
  }))
  return rows.map((row) => JSON.stringify(row)).join('\n')
}

test('a run that is stopped ends between two batches, and the next one goes on', async () => {
  const path = await write('accounts.jsonl', manyRows(1700))
  expect(await importFile(path, { batches: 2 })).toMatchObject({ imported: 1000, stopped: true })
  expect(await rowsOf()).toHaveLength(1000)
  const rest = await importFile(path)
  expect(rest).toMatchObject({ imported: 700, alreadyThere: 1000, stopped: false })
})

describe.each([
  ['JSON lines', exportJsonLines],
  ['CSV', exportCsv],
])('an export as %s', (_name, exportAs) => {
  test('gives the same accounts back', async () => {
    await importFile(await write('accounts.jsonl', `${manyRows(1200)}\n${mixedText}`))
    await app.db.exec(
      `UPDATE account SET credential_version = 3, proven_at = 5, disabled_at = 6, locale = 'ja',
         username = 'a "quoted", name', created_at = 4 WHERE legacy_id = '6'`.replaceAll('\n', ' '),
    )
    const before = await rowsOf()
    let text = ''
    for await (const line of exportAs(app.db)) text += `${line}\n`
    await app.db.exec('DELETE FROM account')
    const path = await write('export', text)
    expect(await importFile(path)).toMatchObject({ imported: before.length, skips: [] })
    expect(await rowsOf()).toEqual(before)
    expect(await importFile(path)).toMatchObject({ imported: 0, alreadyThere: before.length })
  })

  test('of nothing is nothing', async () => {
    const lines: string[] = []
    for await (const line of exportAs(app.db)) lines.push(line)
    expect(lines.join('')).toMatch(/^(?:id,address,.*\r)?$/)
  })
})
