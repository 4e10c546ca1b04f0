/**
 * What an export has, an import gives back: every account, and everything that
 * the format promises of it (docs/leaving-flask.md, "Leave again"). Of drawn accounts,
 * with FULL=1 many more.
 */
import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { exportCsv, exportJsonLines } from '../../commands/export/formats.ts'
import { parseAddress } from '../../src/account/address.ts'
import { parseUsername } from '../../src/account/username.ts'
import { EXPORTED_COLUMNS, type ExportedRow } from '../../src/store/exports.ts'
import { locales } from '../../templates/locales/index.ts'
import { anyText } from '../any-text.ts'
import {
  accountsOf,
  bcrypt,
  type Database,
  databases,
  Files,
  importFile,
  manyRows,
} from './importing.ts'
import { full } from '../full.ts'

const formats = [
  ['JSON lines', exportJsonLines],
  ['CSV', exportCsv],
] as const

type Format = (typeof formats)[number][1]

const timeout = full ? 300_000 : 20_000

let files: Files
beforeEach(async () => {
  files = await Files.make()
})
afterEach(() => files[Symbol.asyncDispose]())

/** As the command writes it. */
async function writeExport(exportAs: Format, { db }: Database): Promise<string> {
  let text = ''
  for await (const line of exportAs(db)) text += `${line}\n`
  return files.write('export', text)
}

const letters = fc.constantFrom(
  'a',
  'Z',
  'ä',
  'ß',
  'İ',
  'ñ',
  '7',
  '+',
  "'",
  '"',
  ',',
  '.',
  '{',
  '=',
)
const localPart = fc.array(letters, { minLength: 1, maxLength: 20 }).map((all) => all.join(''))
const address = fc
  .tuple(
    localPart,
    fc.constantFrom('example.com', 'EXAMPLE.com', 'exämple.com', 'xn--exmple-cua.com'),
  )
  .map((parts) => parseAddress(parts.join('@')))
  .filter((parsed) => parsed !== null)
/** Everything that registering takes. */
const username = anyText(64)
  .map((text) => parseUsername(text.replace(/\p{Cc}/gu, '')))
  .filter((parsed) => parsed.ok)
  .map(({ name }) => name)
const time = fc.integer({ min: 0, max: 99_999_999_999 })
const id = fc.array(fc.constantFrom('A', 'z', '0', '9', '_', '-'), { minLength: 12, maxLength: 12 })
const legacyId = fc.oneof(
  fc.integer().map(String),
  fc.uuid(),
  fc.constantFrom('007', ' 7', '"7"', "7'", '7,8', '=1+1', 'null', '7\u2028'),
)

const account: fc.Arbitrary<ExportedRow> = fc
  .record({
    address,
    username,
    id: id.map((characters) => characters.join('')),
    password_hash: fc.constantFrom(
      bcrypt,
      `scrypt:32768:8:1$Hq0LzXrmP0S9vG5E$${'0a'.repeat(64)}`,
      `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'B'.repeat(43)}`,
    ),
    credential_version: fc.integer({ min: 1, max: 2 ** 31 }),
    locale: fc.constantFrom('', ...locales),
    legacy_id: fc.option(legacyId),
    proven_at: fc.option(time),
    disabled_at: fc.option(time),
    created_at: time,
  })
  .map(({ address: { typed, key }, ...rest }) => ({ ...rest, address: typed, address_key: key }))

const accounts = fc.uniqueArray(account, {
  minLength: 1,
  maxLength: 20,
  selector: (row) => row,
  comparator: (one, other) =>
    one.id === other.id ||
    one.address_key === other.address_key ||
    (one.legacy_id !== null && one.legacy_id === other.legacy_id),
})

const INSERT = `INSERT INTO account (${EXPORTED_COLUMNS.join(', ')})
  VALUES (${EXPORTED_COLUMNS.map((_column, index) => `?${index + 1}`).join(', ')})`

describe.each(databases)('from %s', (name, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  beforeEach(() => replaceAll([]))
  afterAll(() => database[Symbol.asyncDispose]())

  const replaceAll = async (rows: readonly ExportedRow[]) => {
    const { db } = database
    const inserts = rows.map((row) =>
      db.prepare(INSERT).bind(...EXPORTED_COLUMNS.map((column) => row[column])),
    )
    await db.batch([db.prepare('DELETE FROM account'), ...inserts])
  }

  const take = (path: string) => importFile(database.db, path, { locale: null })

  /** workerd takes ten times as long for each. */
  const numRuns = name === 'SQLite in a file' ? (full ? 1000 : 20) : full ? 100 : 5

  test.each(formats)(
    '%s gives back every account as it was',
    { timeout },
    async (_format, exportAs) => {
      const everyAccount = fc.asyncProperty(accounts, async (rows) => {
        await replaceAll(rows)
        const before = await accountsOf(database.db)
        expect(before).toHaveLength(rows.length)
        const path = await writeExport(exportAs, database)
        const unchanged = { imported: 0, alreadyThere: rows.length, skips: [] }
        expect(await take(path)).toMatchObject(unchanged)
        await replaceAll([])
        expect(await take(path)).toMatchObject({ imported: rows.length, skips: [] })
        expect(await accountsOf(database.db)).toEqual(before)
      })
      await fc.assert(everyAccount, { numRuns })
    },
  )

  test.each(formats)('%s has every page of many accounts', async (_format, exportAs) => {
    await importFile(database.db, await files.writeRows(...manyRows(1200)))
    const before = await accountsOf(database.db)
    const path = await writeExport(exportAs, database)
    await replaceAll([])
    expect(await take(path)).toMatchObject({ imported: 1200, skips: [] })
    expect(await accountsOf(database.db)).toEqual(before)
  })

  test.each(formats)('%s of nobody has nobody', async (_format, exportAs) => {
    const text = await readFile(await writeExport(exportAs, database), 'utf8')
    expect(text).toBe(exportAs === exportCsv ? `${EXPORTED_COLUMNS.join(',')}\r\n` : '')
  })
})
