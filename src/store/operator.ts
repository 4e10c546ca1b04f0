/**
 * What the operator's commands do to accounts and the outbox. Every change is
 * one batch with its audit row.
 */
import type { D1Database, D1PreparedStatement } from '@cloudflare/workers-types'
import { maskAddress, type AuditEvent } from '../account/audit.ts'
import { newId, type Random } from '../account/random.ts'
import { ACCOUNT_COLUMNS, type AccountRow } from './accounts.ts'
import { addAudit } from './audit.ts'

export interface AccountSummary {
  id: string
  address: string
  username: string
  locale: string
  createdAt: number
  provenAt: number | null
  disabledAt: number | null
  sessions: number
}

type SummaryRow = AccountRow & { created_at: number; sessions: number }

const SELECT_SUMMARY = `SELECT ${ACCOUNT_COLUMNS}, account.created_at,
  (SELECT count(*) FROM session WHERE session.account_id = account.id
     AND session.credential_version = account.credential_version) AS sessions
  FROM account`

/** By id or by address key; null when there is none. */
export async function findSummary(db: D1Database, idOrKey: string): Promise<AccountSummary | null> {
  const row = await db
    .prepare(`${SELECT_SUMMARY} WHERE account.id = ?1 OR account.address_key = ?1`)
    .bind(idOrKey)
    .first<SummaryRow>()
  return row && toSummary(row)
}

/** A page of accounts in the order of their addresses, after `after`. */
export async function listSummaries(db: D1Database, after: string, count: number) {
  const { results } = await db
    .prepare(
      `${SELECT_SUMMARY} WHERE account.address_key > ?1 ORDER BY account.address_key LIMIT ?2`,
    )
    .bind(after, count)
    .all<SummaryRow>()
  return results.map((row) => ({ key: row.address_key, ...toSummary(row) }))
}

function toSummary(row: SummaryRow): AccountSummary {
  return {
    id: row.id,
    address: row.address,
    username: row.username,
    locale: row.locale,
    createdAt: row.created_at,
    provenAt: row.proven_at,
    disabledAt: row.disabled_at,
    sessions: row.sessions,
  }
}

type Named = Pick<AccountSummary, 'id' | 'address'>

/** Nobody gets in, by session, password or link, until it is enabled again. */
export async function disableAccount(db: D1Database, account: Named, now: number): Promise<void> {
  await db.batch([
    db
      .prepare(
        `UPDATE account SET disabled_at = coalesce(disabled_at, ?2), credential_version = credential_version + 1
         WHERE id = ?1`,
      )
      .bind(account.id, now),
    deleteSessions(db, account),
    addAudit(db, toEvent('account-disabled', account, now)),
  ])
}

export async function enableAccount(db: D1Database, account: Named, now: number): Promise<void> {
  await db.batch([
    db.prepare(`UPDATE account SET disabled_at = NULL WHERE id = ?1`).bind(account.id),
    addAudit(db, toEvent('account-enabled', account, now)),
  ])
}

/** Also links that are out die: whoever asks for this no longer trusts what is. */
export async function endAllSessions(db: D1Database, account: Named, now: number): Promise<void> {
  await db.batch([
    db
      .prepare(`UPDATE account SET credential_version = credential_version + 1 WHERE id = ?1`)
      .bind(account.id),
    deleteSessions(db, account),
    addAudit(db, toEvent('sessions-ended', account, now)),
  ])
}

/** Accounts in one batch: few enough that it is over in a moment, and requests come in between. */
const ACCOUNTS_AT_ONCE = 1000

/**
 * Nobody stays logged in, and no reset link that is out works (ASVS 5.0 §7.4.5); how
 * many sessions it were. One audit row without an account says that it was
 * begun, and one more stands with each account that had a session: the rest have
 * lost nothing but links, and a row for each would be as many as there are accounts.
 */
export async function endEverybodysSessions(db: D1Database, now: number): Promise<number> {
  const event = 'sessions-ended'
  await addAudit(db, { event, accountId: null, address: null, client: null, at: now }).run()
  let ended = 0
  let after = ''
  for (;;) {
    const last = await lastOfNext(db, after)
    if (last === null) return ended
    const results = await db.batch([
      db
        .prepare(
          `UPDATE account SET credential_version = credential_version + 1 WHERE id > ?1 AND id <= ?2`,
        )
        .bind(after, last),
      db
        .prepare(
          `INSERT INTO audit (at, event, account_id)
           SELECT DISTINCT ?3, ?4, account_id FROM session WHERE account_id > ?1 AND account_id <= ?2`,
        )
        .bind(after, last, now, event),
      db
        .prepare(`DELETE FROM session WHERE account_id > ?1 AND account_id <= ?2`)
        .bind(after, last),
    ])
    ended += results.at(-1)?.meta.changes ?? 0
    after = last
  }
}

/** The last id of so many after `after`; null when there are none. */
function lastOfNext(db: D1Database, after: string): Promise<string | null> {
  return db
    .prepare(
      `SELECT max(id) AS last FROM (SELECT id FROM account WHERE id > ?1 ORDER BY id LIMIT ?2)`,
    )
    .bind(after, ACCOUNTS_AT_ONCE)
    .first<string>('last')
}

/** Starts a reset; the link goes to the owner's mailbox and nowhere else (ASVS 5.0 §6.4.6). */
export async function askResetFor(db: D1Database, account: Named, random: Random, now: number) {
  await db.batch([
    db
      .prepare(
        `INSERT INTO outbox (id, purpose, address, address_key, locale, next_attempt_at, created_at)
         SELECT ?2, 'reset', address, address_key, locale, ?3, ?3 FROM account WHERE id = ?1
         ON CONFLICT DO NOTHING`,
      )
      .bind(account.id, newId(random), now),
    addAudit(db, toEvent('reset-asked', account, now)),
  ])
}

/** The account and its sessions go; its audit rows stay, and its ids, so that no import brings it back. */
export async function deleteAccount(db: D1Database, account: Named, now: number): Promise<void> {
  await db.batch([
    db
      .prepare(
        `INSERT INTO deleted_account (id, legacy_id, deleted_at)
         SELECT id, legacy_id, ?2 FROM account WHERE id = ?1`,
      )
      .bind(account.id, now),
    // Links that would register the address again go, and with them where else it stands.
    db
      .prepare(
        `DELETE FROM outbox WHERE address_key = (SELECT address_key FROM account WHERE id = ?1)`,
      )
      .bind(account.id),
    db.prepare(`DELETE FROM account WHERE id = ?1`).bind(account.id),
    addAudit(db, toEvent('account-deleted', account, now)),
  ])
}

function deleteSessions(db: D1Database, { id }: Named): D1PreparedStatement {
  return db.prepare(`DELETE FROM session WHERE account_id = ?1`).bind(id)
}

/** Done by the operator: there is no client. */
function toEvent(event: AuditEvent['event'], { id, address }: Named, at: number): AuditEvent {
  return { event, accountId: id, address: maskAddress(address), client: null, at }
}

export interface OutboxSummary {
  id: string
  purpose: string
  address: string
  state: string
  result: string | null
  attempts: number
  last_reply: string | null
  created_at: number
  next_attempt_at: number
}

/** What waits or failed, oldest first. */
export async function listOutbox(db: D1Database, count: number): Promise<OutboxSummary[]> {
  const { results } = await db
    .prepare(
      `SELECT id, purpose, address, state, result, attempts, last_reply, created_at, next_attempt_at
       FROM outbox WHERE state IN ('waiting', 'failed') ORDER BY created_at LIMIT ?1`,
    )
    .bind(count)
    .all<OutboxSummary>()
  return results.map((row) => ({ ...row, address: maskAddress(row.address) }))
}

/**
 * Makes rows due now: one by its id, or all that wait or failed. A failed ask
 * stays failed while another for the same address waits. How many it were.
 */
export async function retryOutbox(db: D1Database, id: string | null, now: number): Promise<number> {
  const result = await db
    .prepare(
      `UPDATE OR IGNORE outbox SET state = 'waiting', result = NULL, ended_at = NULL, next_attempt_at = ?2,
         created_at = CASE state WHEN 'failed' THEN ?2 ELSE created_at END
       WHERE state IN ('waiting', 'failed') AND leased_until <= ?2 AND (?1 IS NULL OR id = ?1)`,
    )
    .bind(id, now)
    .run()
  return result.meta.changes
}
