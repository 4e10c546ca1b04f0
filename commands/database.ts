/**
 * The project's D1 database in the hand of a command: the local one that
 * `npm run dev` uses, or the deployed one.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { D1Database } from '@cloudflare/workers-types'

export interface OpenDatabase extends AsyncDisposable {
  db: D1Database
}

/** The local database, also while `npm run dev` has it open; with `remote` the deployed one. */
export async function openDatabase({ remote = false } = {}): Promise<OpenDatabase> {
  // Standard output belongs to the command; wrangler would tell there which files it read.
  process.env['WRANGLER_LOG'] = 'error'
  process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false'
  const { getPlatformProxy } = await import('wrangler')
  const configPath = remote ? await writeRemoteConfig() : 'wrangler.toml'
  const { env, dispose } = await getPlatformProxy<{ DB: D1Database }>({ configPath })
  return { db: env.DB, [Symbol.asyncDispose]: dispose }
}

const REMOTE_CONFIG = '.sparekey/remote/wrangler.json'

/** The project's configuration, cut down to the database and bound to the deployed one. */
async function writeRemoteConfig(): Promise<string> {
  const { unstable_readConfig: readConfig } = await import('wrangler')
  const { name, compatibility_date, account_id, d1_databases } = readConfig({
    config: 'wrangler.toml',
  })
  const databases = d1_databases.map((database: object) => ({ ...database, remote: true }))
  const config = { name, compatibility_date, account_id, d1_databases: databases }
  await mkdir(dirname(REMOTE_CONFIG), { recursive: true })
  await writeFile(REMOTE_CONFIG, JSON.stringify(config))
  return REMOTE_CONFIG
}
