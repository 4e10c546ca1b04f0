/**
 * What an import finds in the files of other apps: SQLite, CSV and JSON lines.
 */
import { describe, expect, test } from 'vitest'
import {
  accountsOf,
  bcrypt,
  type Database,
  type Files,
  importFile,
  type ImportSettings,
  now,
  useImporting,
} from './importing.ts'
import { dump } from '../database.ts'

let files: Files
let database: Database

useImporting((fresh) => ({ files, database } = fresh))

const take = (path: string, settings?: ImportSettings) => importFile(database.db, path, settings)
const accounts = () => accountsOf(database.db)

const flaskblog = `CREATE TABLE user (id INTEGER NOT NULL, username VARCHAR(20) NOT NULL, email VARCHAR(120) NOT NULL,
    image_file VARCHAR(20) NOT NULL, password VARCHAR(60) NOT NULL, PRIMARY KEY (id), UNIQUE (username), UNIQUE (email));
  CREATE TABLE post (id INTEGER NOT NULL, title VARCHAR(100) NOT NULL, content TEXT NOT NULL, user_id INTEGER NOT NULL);`

describe('the database of', () => {
  test('a flaskblog: the table is found, hash, name and id are taken along, nothing is proven', async () => {
    const path = files.makeDatabase(
      'site.db',
      `${flaskblog} INSERT INTO user VALUES (7, 'ana', 'Ana@Example.com', 'default.jpg', '${bcrypt}')`,
    )
    expect(await take(path)).toMatchObject({ read: 1, imported: 1, skips: [] })
    expect(await accounts()).toEqual([
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
    const path = files.makeDatabase(
      'app.db',
      `CREATE TABLE alembic_version (version_num VARCHAR(32));
       CREATE TABLE user (id INTEGER NOT NULL PRIMARY KEY, username VARCHAR(64), email VARCHAR(120),
         password_hash VARCHAR(256), about_me VARCHAR(140), last_seen DATETIME);
       INSERT INTO user VALUES (1, 'susan', 'susan@example.com', '${hash}', NULL, NULL)`,
    )
    await take(path)
    const { account, audit } = await dump(database.db)
    expect(account).toMatchObject([{ password_hash: hash, username: 'susan', legacy_id: '1' }])
    expect(audit.filter(({ account_id }) => account_id === account[0]?.['id'])).toMatchObject([
      { event: 'account-imported', address: 's***@example.com', at: now },
    ])
  })

  test('a reader who stored bytes, dates and who is barred', async () => {
    const path = files.makeDatabase(
      'app.sqlite',
      `CREATE TABLE members (uid TEXT, mail TEXT, pw_hash BLOB, is_active BOOLEAN, created DATETIME);
       INSERT INTO members VALUES
         ('0b3a', 'ana@example.com', CAST('${bcrypt}' AS BLOB), 1, '2020-05-02 18:03:09.000000'),
         ('0b3b', 'bo@example.com', CAST('${bcrypt}' AS BLOB), 0, 1588442589)`,
    )
    await take(path)
    expect(await accounts()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ legacy_id: '0b3a', created_at: 1588442589, disabled_at: null }),
        expect.objectContaining({ legacy_id: '0b3b', created_at: 1588442589, disabled_at: now }),
      ]),
    )
  })

  test('an app with names of its own, by options', async () => {
    const path = files.makeDatabase(
      'x.db',
      `CREATE TABLE "my people" (nr INTEGER, "e mail" TEXT, geheim TEXT);
       INSERT INTO "my people" VALUES (3, 'ana@example.com', '${bcrypt}')`,
    )
    await expect(take(path)).rejects.toThrow('name it by --table')
    const named = { legacyId: 'nr', address: 'e mail', passwordHash: 'geheim' }
    expect(await take(path, { table: 'my people', named })).toMatchObject({ imported: 1 })
    expect(await accounts()).toMatchObject([{ legacy_id: '3', username: 'ana' }])
  })

  test('an app with two tables of people asks which', async () => {
    const columns = '(id INTEGER, email TEXT, password TEXT)'
    const path = files.makeDatabase(
      'x.db',
      `CREATE TABLE user ${columns}; CREATE TABLE users ${columns}`,
    )
    await expect(take(path)).rejects.toThrow('Several tables may hold the accounts (user, users)')
    await expect(take(path, { table: 'nobody' })).rejects.toThrow('There is no table nobody')
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
  const path = await files.write('accounts', text)
  expect(await take(path)).toMatchObject({ read: 2, imported: 2 })
  expect(
    (await accounts()).toSorted((a, b) => Number(a['legacy_id']) - Number(b['legacy_id'])),
  ).toMatchObject([
    { legacy_id: '1', address: 'ana@example.com', username: 'Ana "A," Example' },
    { legacy_id: '2', address: 'bo@example.com', username: 'two lines' },
  ])
})

test('CSV whose quotation mark nobody closes says where, and imports nothing', async () => {
  const path = await files.write(
    'accounts.csv',
    `id,email,password\n1,"ana@example.com,${bcrypt}\n`,
  )
  await expect(take(path)).rejects.toThrow(/line 2|Quote Not Closed/)
  expect(await accounts()).toEqual([])
})

test('JSON lines ends lines at line feeds alone, and reads no line that never ends', async () => {
  const row = { email: 'ana@example.com', password: bcrypt, name: 'line\u2028separator' }
  expect(await take(await files.writeRows(row))).toMatchObject({ read: 1, imported: 1 })
  expect(await accounts()).toMatchObject([{ username: 'line\u2028separator' }])
  const endless = await files.writeRows({ ...row, name: 'x'.repeat(100_000) })
  await expect(take(endless)).rejects.toThrow('A line is longer than 65536 characters')
})
