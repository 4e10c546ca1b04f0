/**
 * CSV (RFC 4180) with a header line.
 */
import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import { type Columns, requireColumns } from './columns.ts'
import { pickFields, RECORD_MAX, type Source, type SourceOptions } from './source.ts'

export async function openCsv(path: string, { named }: SourceOptions): Promise<Source> {
  const columns = requireColumns(await readHeader(path), named)
  return { total: null, rows: () => readRows(path, columns), [Symbol.dispose]() {} }
}

async function readHeader(path: string): Promise<string[]> {
  const options = { bom: true, to: 1, max_record_size: RECORD_MAX }
  const records: AsyncIterable<string[]> = createReadStream(path).pipe(parse(options))
  for await (const record of records) return record
  return []
}

async function* readRows(path: string, columns: Columns) {
  const options = { bom: true, columns: true, skip_empty_lines: true, max_record_size: RECORD_MAX }
  const records: AsyncIterable<Record<string, string>> = createReadStream(path).pipe(parse(options))
  for await (const record of records) yield pickFields(record, columns)
}
