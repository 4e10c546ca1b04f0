/**
 * JSON lines: an object a line. The first one says which columns there are.
 */
import { createReadStream } from 'node:fs'
import { type Columns, requireColumns } from './columns.ts'
import { pickFields, RECORD_MAX, type Source, type SourceOptions } from './source.ts'

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
  for await (const line of splitLines(createReadStream(path, 'utf8'))) {
    const text = line.replace(/^\uFEFF/, '')
    if (text.trim() !== '') yield text
  }
}

/** At line feeds alone: `readline` ends a line at U+2028 too, which JSON has inside a text (RFC 8259 §7). */
async function* splitLines(chunks: AsyncIterable<string>) {
  let rest = ''
  for await (const chunk of chunks) {
    const lines = `${rest}${chunk}`.split('\n')
    if (lines.some(({ length }) => length > RECORD_MAX))
      throw new Error(`A line is longer than ${RECORD_MAX} characters`)
    rest = lines.pop() ?? ''
    yield* lines
  }
  yield rest
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
