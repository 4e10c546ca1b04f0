/**
 * Many accounts at once, from another app or to an export. A batch goes in whole
 * or not at all, and what is there already stays as it is, so it may go in again.
 */
import type { D1Database, D1Result } from '@cloudflare/workers-types'
import { maskAddress } from '../account/audit.ts'
import type { ImportedAccount } from '../account/imported-account.ts'

/** `id-taken`: the id belongs to an account with another address. */
export type ImportOutcome = 'imported' | 'already-there' | 'id-taken'

/** In rows: half a megabyte where D1 takes 2 MB in one value, well within 100 ms. */
export const IMPORT_BATCH = 500

/** One outcome for each account, in their order. At most `IMPORT_BATCH` of them. */
export async function importAccounts(
  db: D1Database,
  accounts: readonly ImportedAccount[],
  now: number,
): Promise<ImportOutcome[]> {
  const rows = JSON.stringify(accounts.map(toRow))
  const [inserted, , present] = await db.batch<{ id: string; address_key: string }>([
    db.prepare(`${INSERT_ACCOUNTS} RETURNING id`).bind(rows),
    db.prepare(INSERT_AUDIT).bind(rows, now),
    db.prepare(SELECT_PRESENT).bind(rows),
  ])
  const ids = new Set(inserted?.results.map(({ id }) => id))
  const keys = addressKeysOf(present)
  return accounts.map(({ id, addressKey }) => {
    if (ids.has(id)) return 'imported'
    return keys.has(addressKey) ? 'already-there' : 'id-taken'
  })
}

/** What `importAccounts` would say, without doing it. */
export async function previewImport(
  db: D1Database,
  accounts: readonly ImportedAccount[],
): Promise<ImportOutcome[]> {
  const rows = JSON.stringify(accounts.map(toRow))
  const [present, taken] = await db.batch<{ id: string; address_key: string }>([
    db.prepare(SELECT_PRESENT).bind(rows),
    db.prepare(SELECT_TAKEN).bind(rows),
  ])
  const keys = addressKeysOf(present)
  const ids = new Set(taken?.results.map(({ id }) => id))
  return accounts.map(({ id, addressKey }) => {
    if (keys.has(addressKey)) return 'already-there'
    return ids.has(id) ? 'id-taken' : 'imported'
  })
}

/**
 * In characters. D1 takes statements of 100 KB, but wrangler, before it executes
 * a file locally, takes a time that grows with the square of a text's length.
 */
const SQL_ROWS_MAX = 4_000

/** What `importAccounts` does, as text for `wrangler d1 execute`. */
export function importAsSql(accounts: readonly ImportedAccount[], now: number): string {
  const statements = splitRows(accounts.map((account) => JSON.stringify(toRow(account)))).flatMap(
    (rows) => {
      const literal = `'[${rows.join(',').replaceAll("'", "''")}]'`
      return [INSERT_ACCOUNTS, INSERT_AUDIT].map((statement) =>
        statement.replace('?2', String(now)).replace('?1', () => literal),
      )
    },
  )
  return statements.map((statement) => `${statement};\n`).join('')
}

function splitRows(rows: readonly string[]): string[][] {
  const groups: string[][] = []
  let room = 0
  for (const row of rows) {
    if (row.length > room) {
      groups.push([])
      room = SQL_ROWS_MAX
    }
    groups.at(-1)?.push(row)
    room -= row.length
  }
  return groups
}

/** The columns of an account in the order that `INSERT_ACCOUNTS` has them. */
export const IMPORTED_COLUMNS = [
  'id',
  'address',
  'address_key',
  'username',
  'password_hash',
  'credential_version',
  'locale',
  'legacy_id',
  'proven_at',
  'disabled_at',
  'created_at',
] as const

const INSERT_ACCOUNTS = `INSERT INTO account (${IMPORTED_COLUMNS.join(', ')})
  SELECT ${IMPORTED_COLUMNS.map((name) => `value ->> '${name}'`).join(', ')}
  FROM json_each(?1) WHERE true
  ON CONFLICT DO NOTHING`

/** Once for each account that got in: only such a one has both this id and this address. */
const INSERT_AUDIT = `INSERT INTO audit (at, event, account_id, address)
  SELECT ?2, 'account-imported', value ->> 'id', value ->> 'masked_address' FROM json_each(?1)
  WHERE EXISTS (SELECT 1 FROM account
      WHERE id = value ->> 'id' AND address_key = value ->> 'address_key')
    AND NOT EXISTS (SELECT 1 FROM audit
      WHERE account_id = value ->> 'id' AND event = 'account-imported')`

const SELECT_PRESENT = `SELECT id, address_key FROM account
  WHERE address_key IN (SELECT value ->> 'address_key' FROM json_each(?1))`

/** By our id or by the other app's. */
const SELECT_TAKEN = `SELECT value ->> 'id' AS id FROM json_each(?1)
  WHERE EXISTS (SELECT 1 FROM account WHERE id = value ->> 'id')
    OR EXISTS (SELECT 1 FROM account WHERE legacy_id = value ->> 'legacy_id')`

type Row = Record<(typeof IMPORTED_COLUMNS)[number] | 'masked_address', string | number | null>

/** As it stands in the database, with what the audit keeps of the address. */
export function toRow(account: ImportedAccount): Row {
  return {
    id: account.id,
    address: account.address,
    address_key: account.addressKey,
    username: account.username,
    password_hash: account.passwordHash,
    credential_version: account.credentialVersion,
    locale: account.locale ?? '',
    legacy_id: account.legacyId,
    proven_at: account.provenAt,
    disabled_at: account.disabledAt,
    created_at: account.createdAt,
    masked_address: maskAddress(account.address),
  }
}

function addressKeysOf(result: D1Result<{ address_key: string }> | undefined): Set<string> {
  return new Set(result?.results.map(({ address_key }) => address_key))
}

export type ExportedRow = Record<(typeof IMPORTED_COLUMNS)[number], string | number | null>

/** A page of accounts in the order of their address keys, after `after`. */
export async function exportAccounts(
  db: D1Database,
  after: string,
  count: number,
): Promise<ExportedRow[]> {
  const { results } = await db
    .prepare(
      `SELECT ${IMPORTED_COLUMNS.join(', ')} FROM account
       WHERE address_key > ?1 ORDER BY address_key LIMIT ?2`,
    )
    .bind(after, count)
    .all<ExportedRow>()
  return results
}
