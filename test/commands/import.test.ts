/**
 * What becomes of each row of an import, on D1 as it is deployed and in the file
 * that the commands open.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dryTarget } from '../../commands/import/target.ts'
import { deleteAccount, findSummary } from '../../src/store/operator.ts'
import { dump } from '../database.ts'
import {
  accountsOf,
  bcrypt,
  type Database,
  databases,
  Files,
  importFile,
  type ImportSettings,
  manyRows,
  mixedRows,
  now,
} from './importing.ts'

const mixedText = `${mixedRows.map((row) => JSON.stringify(row)).join('\n')}\nnot json\n[1]\n`
const mixedSkips = [
  { row: 2, id: '2', reason: 'same-address', earlierRow: 1 },
  { row: 3, id: '3', reason: 'bad-address' },
  { row: 4, id: '4', reason: 'unknown-hash' },
  { row: 5, id: '5', reason: 'unknown-hash' },
  { row: 6, id: '1', reason: 'same-id', earlierRow: 1 },
  { row: 8, id: null, reason: 'unreadable' },
  { row: 9, id: null, reason: 'unreadable' },
]
const ana = { id: 1, email: 'ana@example.com', password: bcrypt }
const bo = { id: 2, email: 'bo@example.com', password: bcrypt }

describe.each(databases)('%s', (_name, open) => {
  let database: Database
  let files: Files

  beforeAll(async () => {
    database = await open()
  })
  beforeEach(async () => {
    files = await Files.make()
  })
  afterEach(async () => {
    await database.db.batch(
      ['account', 'deleted_account'].map((table) => database.db.prepare(`DELETE FROM ${table}`)),
    )
    await files[Symbol.asyncDispose]()
  })
  afterAll(() => database[Symbol.asyncDispose]())

  const take = (path: string, settings?: ImportSettings) => importFile(database.db, path, settings)
  const preview = (path: string, { bringBack = false } = {}) =>
    take(path, { target: dryTarget(database.db, { now, bringBack }) })
  const accounts = () => accountsOf(database.db)

  test('what cannot become an account is skipped, and the report says why', async () => {
    const path = await files.write('accounts.jsonl', mixedText)
    const report = { read: 9, imported: 2, alreadyThere: 0, stopped: false, skips: mixedSkips }
    expect(await take(path)).toEqual(report)
  })

  test.each(['7'.repeat(256), 'seven\u0000', '\ud83d'])(
    'an id that no link can name is no id, and the report says so: %.9j',
    async (id) => {
      const path = await files.writeRows({ ...ana, id })
      expect((await take(path)).skips).toMatchObject([{ row: 1, reason: 'bad-id' }])
    },
  )

  test('a second run changes nothing', async () => {
    const path = await files.write('accounts.jsonl', mixedText)
    await take(path)
    const before = await dump(database.db)
    expect(await take(path)).toMatchObject({ imported: 0, alreadyThere: 2, skips: mixedSkips })
    expect(await dump(database.db)).toEqual(before)
  })

  test('--dry-run says the same and changes nothing', async () => {
    const path = await files.write('accounts.jsonl', mixedText)
    const before = await dump(database.db)
    const dry = await preview(path)
    expect(await dump(database.db)).toEqual(before)
    expect(await take(path)).toEqual(dry)
    expect(await preview(path)).toMatchObject({ imported: 0, alreadyThere: 2 })
  })

  test('an account that is ours stays as it is, and gets no id of another app', async () => {
    await take(await files.writeRows({ email: 'ana@example.com', password: bcrypt }))
    const before = await accounts()
    const other = await files.write('other.jsonl', mixedText)
    expect(await take(other)).toMatchObject({ imported: 1, alreadyThere: 1 })
    expect(await accounts()).toEqual(expect.arrayContaining(before))
  })

  test('an id that belongs to another address is not taken away from it', async () => {
    await take(await files.writeRows(ana))
    const other = await files.writeRows({ ...ana, email: 'eve@example.com' })
    const skips = [{ row: 1, id: '1', reason: 'id-taken' }]
    expect(await preview(other)).toMatchObject({ skips })
    expect(await take(other)).toMatchObject({ imported: 0, skips })
    expect(await accounts()).toHaveLength(1)
  })

  test('a run that is stopped ends between two batches, and the next one goes on', async () => {
    const path = await files.writeRows(...manyRows(1700))
    expect(await take(path, { batches: 2 })).toMatchObject({ imported: 1000, stopped: true })
    expect(await accounts()).toHaveLength(1000)
    const rest = await take(path)
    expect(rest).toMatchObject({ imported: 700, alreadyThere: 1000, stopped: false })
  })

  describe('an account that the operator has deleted', () => {
    const anaIs = (reason: string) => ({ skips: [{ row: 1, id: '1', reason }] })

    async function importAndDeleteAna(): Promise<string> {
      const path = await files.writeRows(ana, bo)
      await take(path)
      await deleteAna()
      return path
    }

    async function deleteAna(): Promise<void> {
      const account = await findSummary(database.db, ana.email)
      if (account === null) throw new Error('There is no account to delete')
      await deleteAccount(database.db, account, now)
    }

    test('does not come back with the file that it came from, and the report says so', async () => {
      const path = await importAndDeleteAna()
      const before = await dump(database.db)
      const expected = { imported: 0, alreadyThere: 1, ...anaIs('deleted') }
      expect(await preview(path)).toMatchObject(expected)
      expect(await take(path)).toMatchObject(expected)
      expect(await dump(database.db)).toEqual(before)
    })

    test('is remembered by its ids and the time alone', async () => {
      await importAndDeleteAna()
      const { deleted_account } = await dump(database.db)
      const id = expect.stringMatching(/^[\w-]{12}$/)
      expect(deleted_account).toEqual([{ id, legacy_id: '1', deleted_at: now }])
    })

    test('comes back with --deleted, is audited, and is an account like any other then', async () => {
      const path = await importAndDeleteAna()
      expect(await preview(path, { bringBack: true })).toMatchObject({ imported: 1, skips: [] })
      expect(await take(path, { bringBack: true })).toMatchObject({ imported: 1, skips: [] })
      const { account, deleted_account, audit } = await dump(database.db)
      expect(account).toHaveLength(2)
      expect(deleted_account).toEqual([])
      const back = account.find(({ address }) => address === ana.email)
      const events = audit.filter(({ account_id }) => account_id === back?.['id'])
      expect(events.map(({ event }) => event)).toEqual(['account-imported'])
      expect(await take(path)).toMatchObject({ imported: 0, alreadyThere: 2, skips: [] })
    })

    test('is left alone when its address has registered again, and the report says so', async () => {
      const path = await importAndDeleteAna()
      await take(await files.writeRows({ email: ana.email, password: bcrypt }))
      const before = await accounts()
      await files.writeRows(ana, bo)
      expect(await preview(path)).toMatchObject(anaIs('registered-again'))
      expect(await take(path)).toMatchObject({ alreadyThere: 1, ...anaIs('registered-again') })
      const forced = { imported: 0, alreadyThere: 2, skips: [] }
      expect(await take(path, { bringBack: true })).toMatchObject(forced)
      expect(await accounts()).toEqual(before)
    })
  })
})
