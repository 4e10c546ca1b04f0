/**
 * The project's D1 database in the hand of a command: the local one that
 * `npm run dev` uses, or the deployed one.
 */
import type { D1Database } from '@cloudflare/workers-types'

export interface OpenDatabase extends AsyncDisposable {
  db: D1Database
}

/** The local database, also while `npm run dev` has it open. */
export async function openLocalDatabase(): Promise<OpenDatabase> {
  // Standard output belongs to the command; wrangler would tell there which files it read.
  process.env['WRANGLER_LOG'] = 'error'
  process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false'
  const { getPlatformProxy } = await import('wrangler')
  const { env, dispose } = await getPlatformProxy<{ DB: D1Database }>({
    configPath: 'wrangler.toml',
  })
  return { db: env.DB, [Symbol.asyncDispose]: dispose }
}
