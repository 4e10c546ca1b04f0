/**
 * The project's database in the hand of a command: the local D1 that `npm run dev`
 * uses, the file of a server with Deno that `DATABASE` names, or the deployed D1.
 *
 * The local one is a SQLite file. workerd gives up at once when another process
 * is writing to it (it sets no busy timeout), so a second workerd beside a
 * running `npm run dev` would fail by chance; we open the file ourselves, wait
 * for our turn, and hold it for one batch at a time.
 */
import { createHash, createHmac } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { D1Database } from '@cloudflare/workers-types'
import { migrate } from '../src/platform/migrate.ts'
import { openSqlite, type SqliteDatabase } from '../src/platform/sqlite-d1.ts'
import { UsageError } from './run-command.ts'

const CONFIG = 'wrangler.toml'
const MIGRATIONS = 'src/store/migrations'
/** Where wrangler keeps local databases; Miniflare names each one's file. */
const LOCAL_DATABASES = '.wrangler/state/v3/d1/miniflare-D1DatabaseObject'

export interface OpenDatabase extends AsyncDisposable {
  db: D1Database
}

/** As the server reads it (src/platform/server-settings.ts). */
const { DATABASE = '' } = process.env

/** A file, also while a server has it open; with `remote` the deployed one. */
export async function openDatabase({ remote = false } = {}): Promise<OpenDatabase> {
  if (remote) return openDeployed()
  const path = DATABASE || (await localPath())
  if (!existsSync(path)) throw new Error(noDatabase)
  return asOpen(openSqlite(path))
}

const noDatabase =
  DATABASE === ''
    ? 'There is no local database yet: npm run dev makes one, and npm run import'
    : `There is no database ${DATABASE}: the server makes it, and npm run import`

/** The file with its tables, also where there was none. */
export async function prepareDatabase(): Promise<OpenDatabase> {
  return prepareFile(DATABASE || (await localPath()))
}

/** The local D1, whatever `DATABASE` says. */
export async function prepareLocalDatabase(): Promise<OpenDatabase> {
  return prepareFile(await localPath())
}

async function prepareFile(path: string): Promise<OpenDatabase> {
  await mkdir(dirname(path), { recursive: true })
  const db = openSqlite(path)
  const names = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql'))
  const files = names.map(async (name) => {
    return { name, sql: await readFile(join(MIGRATIONS, name), 'utf8') }
  })
  await migrate(db, await Promise.all(files))
  return asOpen(db)
}

function asOpen(db: SqliteDatabase): OpenDatabase {
  return { db, [Symbol.asyncDispose]: async () => db[Symbol.dispose]() }
}

async function localPath(): Promise<string> {
  const id = findDatabaseId(await readFile(CONFIG, 'utf8'))
  if (id === null) throw new Error(`${CONFIG} binds no D1 database as DB`)
  return join(LOCAL_DATABASES, `${objectId(id)}.sqlite`)
}

/** What wrangler calls the local database. Its own reader of the file takes two seconds to load. */
function findDatabaseId(toml: string): string | null {
  const tables = toml.split(/^\s*(?=\[)/m).filter((table) => table.startsWith('[[d1_databases]]'))
  const table = tables.find((text) => readText(text, 'binding') === 'DB')
  if (table === undefined) return null
  return readText(table, 'preview_database_id') ?? readText(table, 'database_id') ?? 'DB'
}

function readText(table: string, key: string): string | undefined {
  return new RegExp(`^\\s*${key}\\s*=\\s*(["'])(.*?)\\1`, 'm').exec(table)?.[2]
}

/** The id that Miniflare gives to the Durable Object behind a local database. */
export function objectId(name: string): string {
  const key = createHash('sha256').update('miniflare-D1DatabaseObject').digest()
  const sign = (data: string | Buffer) =>
    createHmac('sha256', key).update(data).digest().subarray(0, 16)
  const signed = sign(name)
  return Buffer.concat([signed, sign(signed)]).toString('hex')
}

async function openDeployed(): Promise<OpenDatabase> {
  if (DATABASE !== '') throw new UsageError('DATABASE names a file, --remote the deployed database')
  // Standard output belongs to the command; wrangler would tell there which files it read.
  process.env['WRANGLER_LOG'] = 'error'
  process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false'
  const { getPlatformProxy } = await import('wrangler')
  const configPath = await writeRemoteConfig()
  const { env, dispose } = await getPlatformProxy<{ DB: D1Database }>({ configPath })
  return { db: env.DB, [Symbol.asyncDispose]: dispose }
}

const REMOTE_CONFIG = '.sparekey/remote/wrangler.json'

/** The project's configuration, cut down to the database and bound to the deployed one. */
async function writeRemoteConfig(): Promise<string> {
  const { unstable_readConfig: readConfig } = await import('wrangler')
  const { name, compatibility_date, account_id, d1_databases } = readConfig({ config: CONFIG })
  const databases = d1_databases.map((database: object) => ({ ...database, remote: true }))
  const config = { name, compatibility_date, account_id, d1_databases: databases }
  await mkdir(dirname(REMOTE_CONFIG), { recursive: true })
  await writeFile(REMOTE_CONFIG, JSON.stringify(config))
  return REMOTE_CONFIG
}
