import type { D1Database, D1PreparedStatement } from '@cloudflare/workers-types'
import type { AuditEvent } from '../account/audit.ts'
import type { Limit } from '../account/limits.ts'
import type { AuditStore } from '../account/services.ts'

export function createAuditStore(db: D1Database): AuditStore {
  return {
    async add(event) {
      await addAudit(db, event).run()
    },
  }
}

/** One row for one event, to be run in the batch of what it records. */
export function addAudit(db: D1Database, event: AuditEvent): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO audit (at, event, account_id, address, network) VALUES (?1, ?2, ?3, ?4, ?5)`,
    )
    .bind(...auditValues(event))
}

/** The same, only when the account's password hash is the one given: the mark of who won. */
export function addAuditIfHash(
  db: D1Database,
  event: AuditEvent & { accountId: string },
  passwordHash: string,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO audit (at, event, account_id, address, network) SELECT ?1, ?2, ?3, ?4, ?5
       WHERE EXISTS (SELECT 1 FROM account WHERE id = ?3 AND password_hash = ?6)`,
    )
    .bind(...auditValues(event), passwordHash)
}

/** The same, only when a session exists: for what follows from starting it. */
export function addAuditIfSession(
  db: D1Database,
  event: AuditEvent,
  secretHash: string,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO audit (at, event, account_id, address, network) SELECT ?1, ?2, ?3, ?4, ?5
       WHERE EXISTS (SELECT 1 FROM session WHERE secret_hash = ?6)`,
    )
    .bind(...auditValues(event), secretHash)
}

/** An ask that was taken, or the first of a window that was not. */
export function addAuditOfAsk(
  db: D1Database,
  event: AuditEvent,
  limit: Limit,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO audit (at, event, account_id, address, network)
       SELECT ?1, CASE WHEN hits > ?7 THEN 'throttled' ELSE ?2 END, ?3, ?4, ?5
       FROM limit_window WHERE key = ?6 AND hits <= ?7 + 1`,
    )
    .bind(...auditValues(event), limit.key, limit.count)
}

/**
 * One row for the first that a window of one of the limits turns away; what comes
 * after it in the same window would only fill the table. Each limit bites only
 * where the one before it does not.
 */
export function addAuditOfRefusal(
  db: D1Database,
  event: AuditEvent,
  [limit, next]: readonly [Limit, Limit?],
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO audit (at, event, account_id, address, network) SELECT ?1, ?2, ?3, ?4, ?5
       FROM limit_window AS one LEFT JOIN limit_window AS other ON other.key = ?8
       WHERE one.key = ?6
         AND (one.hits = ?7 + 1 OR (one.hits <= ?7 AND other.hits = ?9 + 1))`,
    )
    .bind(
      ...auditValues(event),
      ...[limit.key, limit.count, next?.key ?? null, next?.count ?? null],
    )
}

function auditValues({ at, event, accountId, address, client }: AuditEvent) {
  return [at, event, accountId, address, client?.network ?? null] as const
}

export interface AuditRow {
  id: number
  at: number
  event: string
  account_id: string | null
  address: string | null
  network: string | null
}

/** What to look for; null takes everything. */
export interface AuditFilter {
  event: string | null
  accountId: string | null
  /** Unix seconds. */
  since: number | null
  most: number
}

/** The newest rows first. */
export async function listAudit(db: D1Database, filter: AuditFilter): Promise<AuditRow[]> {
  const { event, accountId, since, most } = filter
  const { results } = await db
    .prepare(
      `SELECT id, at, event, account_id, address, network FROM audit
       WHERE (?1 IS NULL OR event = ?1) AND (?2 IS NULL OR account_id = ?2) AND at >= coalesce(?3, 0)
       ORDER BY at DESC, id DESC LIMIT ?4`,
    )
    .bind(event, accountId, since, most)
    .all<AuditRow>()
  return results
}
