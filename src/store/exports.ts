/**
 * Every account with everything that is known of it, a page at a time.
 */
import type { D1Database } from '@cloudflare/workers-types'

/** In the order in which an export has them; `importAccounts` takes all of them back. */
export const EXPORTED_COLUMNS = [
  'id',
  'address',
  'address_key',
  'username',
  'password_hash',
  'credential_version',
  'locale',
  'legacy_id',
  'proven_at',
  'disabled_at',
  'created_at',
] as const

export type ExportedRow = Record<(typeof EXPORTED_COLUMNS)[number], string | number | null>

/** A page of accounts in the order of their address keys, after `after`. */
export async function exportAccounts(
  db: D1Database,
  after: string,
  count: number,
): Promise<ExportedRow[]> {
  const { results } = await db
    .prepare(
      `SELECT ${EXPORTED_COLUMNS.join(', ')} FROM account
       WHERE address_key > ?1 ORDER BY address_key LIMIT ?2`,
    )
    .bind(after, count)
    .all<ExportedRow>()
  return results
}
