/**
 * Where accounts come from: rows of text, read one after the other, so that a
 * million of them take no more memory than a few.
 */
import type { ForeignRow } from '../../src/account/imported-account.ts'
import type { Columns } from './columns.ts'

/** In characters: what never ends, a line or a text in quotation marks, is not read to the end of the file. */
export const RECORD_MAX = 64 * 1024

export interface Source extends Disposable {
  /** How many rows there are; null when only reading them would tell. */
  total: number | null
  /** A row that cannot be read at all is null. */
  rows(): Iterable<ForeignRow | null> | AsyncIterable<ForeignRow | null>
}

export interface SourceOptions {
  /** Of a database that has several tables of people. */
  table?: string | undefined
  /** Columns that are not called as usual. */
  named: Columns
}

/** Picks out the fields of one row; what is neither text nor number is none. */
export function pickFields(
  values: Readonly<Record<string, unknown>>,
  columns: Columns,
): ForeignRow {
  const fields = Object.entries(columns).map(([field, column]) => [field, toText(values[column])])
  return Object.fromEntries(fields)
}

function toText(value: unknown): string | null {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}
