/**
 * Many accounts at once, from another app or from an export. A batch goes in whole
 * or not at all, and what is there already stays as it is, so it may go in again.
 */
import type { D1Database, D1Result } from '@cloudflare/workers-types'
import { maskAddress } from '../account/audit.ts'
import type { ImportedAccount } from '../account/imported-account.ts'
import { EXPORTED_COLUMNS } from './exports.ts'

/**
 * `id-taken`: the id belongs to an account with another address. `deleted`: the operator has
 * deleted this account; `registered-again`: and its address has a new one since.
 */
export type ImportOutcome =
  | 'imported'
  | 'already-there'
  | 'id-taken'
  | 'deleted'
  | 'registered-again'

export interface ImportOptions {
  /** Unix seconds. */
  now: number
  /** Takes in again what the operator has deleted. */
  bringBack: boolean
}

/** In rows: half a megabyte where D1 takes 2 MB in one value, well within 100 ms. */
export const IMPORT_BATCH = 500

/** One outcome for each account, in their order. At most `IMPORT_BATCH` of them. */
export async function importAccounts(
  db: D1Database,
  accounts: readonly ImportedAccount[],
  options: ImportOptions,
): Promise<ImportOutcome[]> {
  const rows = JSON.stringify(accounts.map(toRow))
  const { insert, addAudit, forgetDeleted } = statementsOf(options)
  const [inserted, , present, deleted] = await db.batch<Found>([
    db.prepare(`${insert} RETURNING id`).bind(rows),
    db.prepare(addAudit).bind(rows, options.now),
    db.prepare(SELECT_PRESENT).bind(rows),
    db.prepare(SELECT_DELETED).bind(rows),
    ...forgetDeleted.map((sql) => db.prepare(sql).bind(rows)),
  ])
  const ids = idsOf(inserted)
  const tell = tellOthers(options, { present, deleted })
  return accounts.map((account) =>
    ids.has(account.id) ? 'imported' : (tell(account) ?? 'id-taken'),
  )
}

/** What `importAccounts` would say, without doing it. */
export async function previewImport(
  db: D1Database,
  accounts: readonly ImportedAccount[],
  options: Pick<ImportOptions, 'bringBack'>,
): Promise<ImportOutcome[]> {
  const rows = JSON.stringify(accounts.map(toRow))
  const [present, deleted, taken] = await db.batch<Found>(
    [SELECT_PRESENT, SELECT_DELETED, SELECT_TAKEN].map((sql) => db.prepare(sql).bind(rows)),
  )
  const ids = idsOf(taken)
  const tell = tellOthers(options, { present, deleted })
  return accounts.map((account) => tell(account) ?? (ids.has(account.id) ? 'id-taken' : 'imported'))
}

interface Found {
  id: string
  address_key: string
}

type Results = Record<'present' | 'deleted', D1Result<Found> | undefined>

/** Why an account stays outside; null when it is neither deleted nor there. */
function tellOthers({ bringBack }: Pick<ImportOptions, 'bringBack'>, results: Results) {
  const keys = new Set(results.present?.results.map(({ address_key }) => address_key))
  const gone = bringBack ? new Set<string>() : idsOf(results.deleted)
  return ({ id, addressKey }: ImportedAccount): ImportOutcome | null => {
    if (gone.has(id)) return keys.has(addressKey) ? 'registered-again' : 'deleted'
    return keys.has(addressKey) ? 'already-there' : null
  }
}

function idsOf(result: D1Result<Found> | undefined): Set<string> {
  return new Set(result?.results.map(({ id }) => id))
}

/**
 * In characters. D1 takes statements of 100 KB, but wrangler, before it executes
 * a file locally, takes a time that grows with the square of a text's length.
 */
const SQL_ROWS_MAX = 4_000

/** What `importAccounts` does, as text for `wrangler d1 execute`. */
export function importAsSql(accounts: readonly ImportedAccount[], options: ImportOptions): string {
  const { insert, addAudit, forgetDeleted } = statementsOf(options)
  const statements = splitRows(accounts.map(toRow)).flatMap((rows) => {
    const named = rows.map((row) => row.slice(0, NAMING_FIELDS.length))
    return [
      fillIn(insert, rows),
      fillIn(addAudit, named, options.now),
      ...forgetDeleted.map((sql) => fillIn(sql, named)),
    ]
  })
  return statements.map((statement) => `${statement};\n`).join('')
}

function splitRows(rows: readonly Row[]): Row[][] {
  const groups: Row[][] = []
  let room = 0
  for (const row of rows) {
    const { length } = toPlainJson([row])
    if (length > room) {
      groups.push([])
      room = SQL_ROWS_MAX
    }
    groups.at(-1)?.push(row)
    room -= length
  }
  return groups
}

/** Its parameter stands once, so that a text can take its place; `?2` is a number. */
function fillIn(sql: string, rows: readonly Row[], now = 0): string {
  return sql.replace('?2', String(now)).replace('?1', () => `'${toPlainJson(rows)}'`)
}

/**
 * JSON in which nothing ends a text, a statement or a line: all else is escaped. wrangler
 * refuses a file with "BEGIN TRANSACTION" anywhere in it, and somebody may be called that.
 */
function toPlainJson(rows: readonly Row[]): string {
  return JSON.stringify(rows).replace(
    /[^\w@.$+/=:,"\\[\]-]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** What tells which account it is; statements that need no more are given no more. */
const NAMING_FIELDS = ['id', 'address_key', 'legacy_id', 'masked_address'] as const

/** The places of a row, which is an array: names would be half of a file. */
const FIELDS = [
  ...NAMING_FIELDS,
  ...EXPORTED_COLUMNS.filter((column) => !isAmong(NAMING_FIELDS, column)),
] as const

type Field = (typeof NAMING_FIELDS)[number] | (typeof EXPORTED_COLUMNS)[number]
type Row = (string | number | null)[]

function isAmong(names: readonly string[], name: string): boolean {
  return names.includes(name)
}

/** As it stands in the database, with what the audit keeps of the address. */
function toRow(account: ImportedAccount): Row {
  const values: Record<Field, string | number | null> = {
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
  return FIELDS.map((field) => values[field])
}

/** A field of the row at hand, in SQL. */
function field(name: Field): string {
  return `value ->> ${FIELDS.indexOf(name)}`
}

const IS_DELETED = `(
  EXISTS (SELECT 1 FROM deleted_account WHERE id = ${field('id')})
  OR EXISTS (SELECT 1 FROM deleted_account WHERE legacy_id = ${field('legacy_id')}))`

const INSERT_ACCOUNTS = `INSERT INTO account (${EXPORTED_COLUMNS.join(', ')})
  SELECT ${EXPORTED_COLUMNS.map(field).join(', ')} FROM json_each(?1)`

const SELECT_PRESENT = `SELECT id, address_key FROM account
  WHERE address_key IN (SELECT ${field('address_key')} FROM json_each(?1))`

const SELECT_DELETED = `SELECT ${field('id')} AS id FROM json_each(?1) WHERE ${IS_DELETED}`

/** By our id or by the other app's. */
const SELECT_TAKEN = `SELECT ${field('id')} AS id FROM json_each(?1)
  WHERE EXISTS (SELECT 1 FROM account WHERE id = ${field('id')})
    OR EXISTS (SELECT 1 FROM account WHERE legacy_id = ${field('legacy_id')})`

function statementsOf({ bringBack }: Pick<ImportOptions, 'bringBack'>) {
  return {
    insert: `${INSERT_ACCOUNTS} WHERE ${bringBack ? 'true' : `NOT ${IS_DELETED}`} ON CONFLICT DO NOTHING`,
    addAudit: INSERT_AUDIT,
    forgetDeleted: bringBack ? [FORGET_DELETED] : [],
  }
}

/** Once each time an account gets in: only such a one has both this id and this address. */
const INSERT_AUDIT = `INSERT INTO audit (at, event, account_id, address)
  SELECT ?2, 'account-imported', ${field('id')}, ${field('masked_address')} FROM json_each(?1)
  WHERE EXISTS (SELECT 1 FROM account
      WHERE id = ${field('id')} AND address_key = ${field('address_key')})
    AND (SELECT event FROM audit
      WHERE account_id = ${field('id')} AND event IN ('account-imported', 'account-deleted')
      ORDER BY audit.id DESC LIMIT 1) IS NOT 'account-imported'`

/** Of the rows at hand, those that are there again. */
const FORGET_DELETED = `DELETE FROM deleted_account WHERE id IN (
    SELECT gone.id FROM json_each(?1)
    JOIN deleted_account AS gone ON gone.id = ${field('id')} OR gone.legacy_id = ${field('legacy_id')})
  AND EXISTS (SELECT 1 FROM account
    WHERE account.id = deleted_account.id OR account.legacy_id = deleted_account.legacy_id)`
