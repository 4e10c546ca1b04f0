/**
 * What the tests of import and export share: files to read, databases of either
 * kind, and the import as the command runs it.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { D1Database } from '@cloudflare/workers-types'
import { hashSync } from 'bcryptjs'
import { Miniflare } from 'miniflare'
import { afterEach, beforeEach } from 'vitest'
import { createD1Client, d1Worker } from '../../build/d1-client.ts'
import { migrate, readMigrations } from '../../build/worker.ts'
import type { Columns } from '../../commands/import/columns.ts'
import { openSource } from '../../commands/import/open-source.ts'
import { runImport, type Skip } from '../../commands/import/run-import.ts'
import { Seen } from '../../commands/import/seen.ts'
import { databaseTarget, type Target } from '../../commands/import/target.ts'
import { newId, secureRandom } from '../../src/account/random.ts'
import { openSqlite } from '../../src/platform/sqlite-d1.ts'
import { isLocale, type Locale } from '../../templates/locales/index.ts'
import { dump } from '../database.ts'

/** In Unix seconds: when every import of a test is made. */
export const now = 1_800_000_000

export const bcrypt = hashSync('testing', 4)

/** For each test of a file: a folder of files to import, and an empty database. */
export function useImporting(take: (fresh: { files: Files; database: Database }) => unknown): void {
  let opened: AsyncDisposableStack
  beforeEach(async () => {
    await using stack = new AsyncDisposableStack()
    const files = stack.use(await Files.make())
    take({ files, database: stack.use(await openSqliteDatabase()) })
    opened = stack.move()
  })
  afterEach(() => opened.disposeAsync())
}

/** A folder of files to import. `await using` removes it. */
export class Files implements AsyncDisposable {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async make(): Promise<Files> {
    return new Files(await mkdtemp(join(tmpdir(), 'sparekey-import-')))
  }

  async write(name: string, text: string): Promise<string> {
    const path = join(this.folder, name)
    await writeFile(path, text)
    return path
  }

  /** An object a line. */
  writeRows(...rows: object[]): Promise<string> {
    return this.write('accounts.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  }

  /** A SQLite file, by the statements that an app's schema has. */
  makeDatabase(name: string, sql: string): string {
    const path = join(this.folder, name)
    using db = new DatabaseSync(path)
    db.exec(sql)
    return path
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.folder, { recursive: true })
  }
}

export interface Database extends AsyncDisposable {
  db: D1Database
}

/** What the commands open on this machine. */
export async function openSqliteDatabase(): Promise<Database> {
  const db = openSqlite(':memory:')
  await applyMigrations(db)
  return { db, [Symbol.asyncDispose]: async () => db[Symbol.dispose]() }
}

/** What is deployed. */
export async function openD1(): Promise<Database> {
  const miniflare = new Miniflare({ workers: [d1Worker('database', 'sparekey')] })
  const db = createD1Client(await miniflare.unsafeGetDirectURL('database'))
  await applyMigrations(db)
  return { db, [Symbol.asyncDispose]: () => miniflare.dispose() }
}

const migrations = readMigrations()

async function applyMigrations(db: D1Database): Promise<void> {
  await migrate(db, await migrations)
}

export const databases: [name: string, open: () => Promise<Database>][] = [
  ['D1 on workerd', openD1],
  ['SQLite in a file', openSqliteDatabase],
]

export interface ImportSettings {
  target?: Target
  table?: string
  named?: Columns
  /** Stops after so many batches. */
  batches?: number
  bringBack?: boolean
  /** Of accounts that have none. */
  locale?: Locale | null
}

/** How an import ended, with every row that was skipped. */
export async function importFile(db: D1Database, path: string, settings: ImportSettings = {}) {
  const { table, named = {}, batches, bringBack = false, locale = 'en' } = settings
  const { target = databaseTarget(db, { now, bringBack }) } = settings
  const skips: Skip[] = []
  let done = 0
  using source = await openSource(path, { table, named })
  using seen = new Seen()
  const tally = await runImport({
    rows: source.rows(),
    defaults: { locale, isLocale, now, newId: () => newId(secureRandom) },
    seen,
    target,
    shouldStop: () => done === batches,
    onSkip: (skip) => skips.push(skip),
    onProgress: () => (done += 1),
  })
  const { skipped: _, ...counts } = tally
  return { ...counts, skips }
}

export async function accountsOf(db: D1Database): Promise<Record<string, unknown>[]> {
  return (await dump(db)).account
}

export function manyRows(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    email: `person-${index}@example.com`,
    password: bcrypt,
  }))
}

/** Rows of which only the first and the seventh become accounts. */
export const mixedRows = [
  { id: 1, email: 'ana@example.com', password: bcrypt },
  { id: 2, email: 'ANA@EXAMPLE.COM', password: bcrypt },
  { id: 3, email: 'no address', password: bcrypt },
  { id: 4, email: 'md5@example.com', password: '5f4dcc3b5aa765d61d8327deb882cf99' },
  { id: 5, email: 'null@example.com', password: null },
  { id: 1, email: 'other@example.com', password: bcrypt },
  { id: 6, email: 'bo@example.com', password: bcrypt },
]
