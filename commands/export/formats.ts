/**
 * Every account as a line of text, its line feed left to whoever writes it; a
 * page of accounts in memory at a time.
 */
import type { D1Database } from '@cloudflare/workers-types'
import { EXPORTED_COLUMNS, exportAccounts, type ExportedRow } from '../../src/store/exports.ts'

/** Rows read at once. */
const PAGE = 500

export async function* exportJsonLines(db: D1Database) {
  for await (const row of readAccounts(db)) yield JSON.stringify(row)
}

/** RFC 4180, with a header line. A line feed completes the CRLF that ends a record. */
export async function* exportCsv(db: D1Database) {
  yield toCsvLine(EXPORTED_COLUMNS)
  for await (const row of readAccounts(db)) {
    yield toCsvLine(EXPORTED_COLUMNS.map((column) => row[column]))
  }
}

async function* readAccounts(db: D1Database) {
  let page: ExportedRow[]
  let after = ''
  do {
    page = await exportAccounts(db, after, PAGE)
    yield* page
    after = String(page.at(-1)?.address_key)
  } while (page.length === PAGE)
}

function toCsvLine(values: readonly (string | number | null)[]): string {
  return `${values.map(toCsvValue).join(',')}\r`
}

function toCsvValue(value: string | number | null): string {
  const text = String(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
