/**
 * Attempts at a password, counted before anything is hashed: at log-in and
 * wherever somebody who is signed in has to say the password again.
 */
import type { D1Database, D1PreparedStatement, D1Result } from '@cloudflare/workers-types'
import {
  type Admission,
  SLOWED_ATTEMPT_EVERY,
  WRONG_PASSWORDS_IN_A_ROW,
} from '../account/limits.ts'
import type { PasswordAttempt } from '../account/services.ts'
import { addAuditOfRefusal } from './audit.ts'
import { countHit, giveBackHit, readAdmission } from './limits.ts'
import { firstRow } from './rows.ts'

/** Counts against all limits, to be run in one batch; what one limit refuses the next does not count. */
export function countAttempt(db: D1Database, attempt: PasswordAttempt): D1PreparedStatement[] {
  const { perClient, perClientAndAddress, accountId, address, client, now } = attempt
  const refusal = { event: 'throttled', accountId, address, client, at: now } as const
  return [
    countHit(db, perClient, now),
    countHit(db, perClientAndAddress, now, perClient),
    countWrongPassword(db, attempt),
    addAuditOfRefusal(db, refusal, [perClient, perClientAndAddress]),
  ]
}

/** What the statements of `countAttempt`, at the head of a batch, said. */
export function readAttempt(results: readonly D1Result[], attempt: PasswordAttempt): Admission {
  const { perClient, perClientAndAddress, now } = attempt
  const [perClientHit, passwordHit, run] = results
  const answers = [
    readAdmission(perClientHit, perClient, now),
    readAdmission(passwordHit, perClientAndAddress, now),
    firstRow(run) === null ? slowedDown : admitted,
  ]
  return answers.find(({ ok }) => !ok) ?? admitted
}

/** Takes back what `countAttempt` counted for a right password. */
export function acceptAttempt(
  db: D1Database,
  { addressKey, knownAs, perClientAndAddress }: PasswordAttempt,
): D1PreparedStatement[] {
  return [
    giveBackHit(db, perClientAndAddress),
    db.prepare(`DELETE FROM wrong_password_run WHERE run = ?1`).bind(runOf(addressKey, knownAs)),
  ]
}

const admitted: Admission = { ok: true }
const slowedDown: Admission = {
  ok: false,
  reason: 'throttled',
  retryAfter: SLOWED_ATTEMPT_EVERY,
}

/** Whose row of wrong passwords an attempt is in: all strangers', or that of a browser or session that knows the account. */
export function runOf(addressKey: string, knownAs: string | null): string {
  return knownAs === null ? addressKey : `${addressKey} ${knownAs}`
}

/**
 * Every attempt counts as wrong until it proves right. A full run takes one
 * more attempt a minute; none, and no row comes back, in between.
 */
function countWrongPassword(db: D1Database, attempt: PasswordAttempt): D1PreparedStatement {
  const { addressKey, knownAs, perClient, perClientAndAddress, now } = attempt
  return db
    .prepare(
      `INSERT INTO wrong_password_run (run, length, next_attempt_at, last_attempt_at)
       SELECT ?1, 1, 0, ?2
       WHERE (SELECT hits FROM limit_window WHERE key = ?3) <= ?4
         AND (SELECT hits FROM limit_window WHERE key = ?5) <= ?6
       ON CONFLICT (run) DO UPDATE SET
         length = length + 1,
         next_attempt_at = CASE WHEN length + 1 >= ?7 THEN ?2 + ?8 ELSE 0 END,
         last_attempt_at = ?2
       WHERE next_attempt_at <= ?2
       RETURNING length`,
    )
    .bind(
      ...[runOf(addressKey, knownAs), now],
      ...[perClient.key, perClient.count, perClientAndAddress.key, perClientAndAddress.count],
      ...[WRONG_PASSWORDS_IN_A_ROW, SLOWED_ATTEMPT_EVERY],
    )
}
