/**
 * What nobody needs any more, beside the outbox: sessions that have run out, rows
 * of wrong passwords that nobody goes on with, and audit rows past their age.
 */
import type { D1Database } from '@cloudflare/workers-types'
import { AUDIT_KEPT } from '../account/audit.ts'
import { SESSION_IDLE } from '../account/session.ts'

/**
 * In seconds: a day. A full run takes one attempt a minute, 1,440 a day, so
 * forgetting 99 of them after a day without any gives nobody more.
 */
const RUN_KEPT = 24 * 3600

export async function prune(db: D1Database, now: number): Promise<void> {
  await db.batch([
    // A session past its absolute age is not seen any more, so it gets here too.
    db.prepare(`DELETE FROM session WHERE last_seen_at <= ?1`).bind(now - SESSION_IDLE),
    db.prepare(`DELETE FROM wrong_password_run WHERE last_attempt_at <= ?1`).bind(now - RUN_KEPT),
    // The database itself refuses to forget what is not a year older than the newest row.
    db
      .prepare(`DELETE FROM audit WHERE at < min(?1, (SELECT max(at) FROM audit)) - ?2`)
      .bind(now, AUDIT_KEPT),
  ])
}
