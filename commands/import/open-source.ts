import { open } from 'node:fs/promises'
import { openCsv } from './csv-source.ts'
import { openJsonLines } from './json-lines-source.ts'
import type { Source, SourceOptions } from './source.ts'
import { openSqlite } from './sqlite-source.ts'

/** Opens a SQLite file, JSON lines or CSV: the first bytes say which. */
export async function openSource(path: string, options: SourceOptions): Promise<Source> {
  const start = await readStart(path)
  if (start.startsWith('SQLite format 3\0')) return openSqlite(path, options)
  if (/^\uFEFF?\s*\{/.test(start)) return openJsonLines(path, options)
  return openCsv(path, options)
}

async function readStart(path: string): Promise<string> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0)
  return buffer.toString('utf8', 0, bytesRead)
}
