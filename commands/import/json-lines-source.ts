/**
 * JSON lines: an object a line. The first one says which columns there are.
 */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type Columns, requireColumns } from './columns.ts'
import { pickFields, type Source, type SourceOptions } from './source.ts'

export async function openJsonLines(path: string, { named }: SourceOptions): Promise<Source> {
  const columns = requireColumns(await readColumns(path), named)
  return { total: null, rows: () => readRows(path, columns), [Symbol.dispose]() {} }
}

async function readColumns(path: string): Promise<string[]> {
  for await (const line of readLines(path)) return Object.keys(parseObject(line) ?? {})
  return []
}

async function* readRows(path: string, columns: Columns) {
  for await (const line of readLines(path)) {
    const values = parseObject(line)
    yield values && pickFields(values, columns)
  }
}

async function* readLines(path: string) {
  const input = createReadStream(path, 'utf8')
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      const text = line.replace(/^\uFEFF/, '')
      if (text.trim() !== '') yield text
    }
  } finally {
    input.destroy()
  }
}

function parseObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : null
  } catch {
    // One line that is no JSON is one account that is skipped, and named in the report.
    return null
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
