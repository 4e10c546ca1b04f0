import type { D1Database, D1PreparedStatement, D1Result } from '@cloudflare/workers-types'
import type { Admission, Hit, Limit } from '../account/limits.ts'
import type { LimitStore } from '../account/services.ts'
import { addAuditOfRefusal } from './audit.ts'
import { firstRow } from './rows.ts'

export function createLimitStore(db: D1Database): LimitStore {
  return {
    async count(limit, now, refusal) {
      const audit = refusal === undefined ? [] : [addAuditOfRefusal(db, refusal, [limit])]
      const [counted] = await db.batch([countHit(db, limit, now), ...audit])
      return readAdmission(counted, limit, now)
    },
  }
}

interface LimitRow {
  hits: number
  ends_at: number
}

/**
 * Counts one hit in the window that is open, or opens one: one statement, so
 * that parallel requests cannot slip past. With `unlessOver`, only when that
 * other limit, counted before in the same batch, is not over.
 */
export function countHit(
  db: D1Database,
  limit: Limit,
  now: number,
  unlessOver?: Limit,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO limit_window (key, hits, ends_at)
       SELECT ?1, 1, ?2 + ?3
       WHERE ?4 IS NULL OR (SELECT hits FROM limit_window WHERE key = ?4) <= ?5
       ON CONFLICT (key) DO UPDATE SET
         hits = CASE WHEN ends_at <= ?2 THEN 1 ELSE hits + 1 END,
         ends_at = CASE WHEN ends_at <= ?2 THEN ?2 + ?3 ELSE ends_at END
       RETURNING hits, ends_at`,
    )
    .bind(limit.key, now, limit.seconds, unlessOver?.key ?? null, unlessOver?.count ?? null)
}

export function giveBackHit(db: D1Database, { key }: Limit): D1PreparedStatement {
  return db.prepare(`UPDATE limit_window SET hits = hits - 1 WHERE key = ?1 AND hits > 0`).bind(key)
}

/** Counts a hit and looks for a row, in one batch. */
export async function findCounted<Row>(
  db: D1Database,
  { limit, now }: Hit,
  look: D1PreparedStatement,
): Promise<{ admission: Admission; row: Row | null }> {
  const [counted, looked] = await db.batch([countHit(db, limit, now), look])
  return { admission: readAdmission(counted, limit, now), row: firstRow<Row>(looked) }
}

/** What a `countHit` of a batch said. */
export function readAdmission(result: D1Result | undefined, limit: Limit, now: number): Admission {
  return toAdmission(firstRow<LimitRow>(result), limit, now)
}

function toAdmission(row: LimitRow | null, limit: Limit, now: number): Admission {
  if (row === null || row.hits <= limit.count) return { ok: true }
  return { ok: false, reason: 'throttled', retryAfter: Math.max(1, row.ends_at - now) }
}

/**
 * Forgets what was counted for an address, by whichever clients: its password
 * has been replaced by somebody who proved to own it, and who may have tried the
 * old one many times before. Only when the account's hash is the new one.
 */
export function forgetPasswordHits(
  db: D1Database,
  addressKey: string,
  passwordHash: string,
): D1PreparedStatement {
  // A range of the primary key: what follows a space, up to the character after it.
  return db
    .prepare(
      `DELETE FROM limit_window
       WHERE key > 'password ' || ?1 || ' ' AND key < 'password ' || ?1 || '!'
         AND EXISTS (SELECT 1 FROM account WHERE address_key = ?1 AND password_hash = ?2)`,
    )
    .bind(addressKey, passwordHash)
}

/** The same for its runs of wrong passwords: those of strangers, and those of browsers that know it. */
export function forgetWrongPasswords(
  db: D1Database,
  addressKey: string,
  passwordHash: string,
): D1PreparedStatement {
  return db
    .prepare(
      `DELETE FROM wrong_password_run
       WHERE (run = ?1 OR (run > ?1 || ' ' AND run < ?1 || '!'))
         AND EXISTS (SELECT 1 FROM account WHERE address_key = ?1 AND password_hash = ?2)`,
    )
    .bind(addressKey, passwordHash)
}
