import type { D1Database, D1PreparedStatement } from '@cloudflare/workers-types'
import { maskAddress } from '../account/audit.ts'
import { type Device, browsers, systems } from '../account/client.ts'
import type {
  BegunLogin,
  LoginAttempt,
  Session,
  SessionEnding,
  SessionStore,
  SuccessfulLogin,
} from '../account/services.ts'
import { SESSION_ABSOLUTE, SESSION_IDLE } from '../account/session.ts'
import { ACCOUNT_COLUMNS, type AccountRow, selectByAddressKey, toAccount } from './accounts.ts'
import { addAuditIfSession } from './audit.ts'
import { giveBackHit } from './limits.ts'
import { acceptAttempt, countAttempt, readAttempt, runOf } from './password-attempts.ts'
import { firstRow, hasChanged } from './rows.ts'

export function createSessionStore(db: D1Database): SessionStore {
  return {
    beginLogin: (attempt) => beginLogin(db, attempt),
    async countAttempt(attempt) {
      return readAttempt(await db.batch(countAttempt(db, attempt)), attempt)
    },
    async acceptAttempt(attempt) {
      await db.batch(acceptAttempt(db, attempt))
    },
    start: (login) => start(db, login),
    find: (secretHash, now) => find(db, secretHash, now),
    async list(accountId, now) {
      const { results } = await selectLiveSessions(
        db,
        `session.account_id = ?1`,
        accountId,
        now,
      ).all<SessionRow & AccountRow>()
      return results.map(toSession)
    },
    end: (accountId, sessionId, ending) => end(db, accountId, sessionId, ending),
    endOthers: (accountId, keep, ending) => endOthers(db, accountId, keep, ending),
  }
}

/** Counts the attempt and reads the account, in one batch. */
async function beginLogin(db: D1Database, attempt: LoginAttempt): Promise<BegunLogin> {
  const results = await db.batch([
    ...countAttempt(db, attempt),
    selectByAddressKey(db, attempt.addressKey),
    selectDecoy(db, attempt),
  ])
  const [account, decoy] = results.slice(-2)
  const row = firstRow<AccountRow>(account)
  return {
    admission: readAttempt(results, attempt),
    account: row && toAccount(row),
    decoy: firstRow<{ password_hash: string }>(decoy)?.password_hash ?? null,
  }
}

/** The account that follows a point among the identifiers, which are random; after the last comes the first. */
function selectDecoy(db: D1Database, { decoyAt }: LoginAttempt): D1PreparedStatement {
  return db
    .prepare(
      `SELECT password_hash FROM account
       WHERE id = coalesce((SELECT min(id) FROM account WHERE id >= ?1), (SELECT min(id) FROM account))`,
    )
    .bind(decoyAt)
}

async function start(db: D1Database, login: SuccessfulLogin): Promise<boolean> {
  const { account, session, client, now } = login
  const [started] = await db.batch([
    insertSession(db, login),
    ...(login.replaces === null ? [] : [endReplaced(db, session.secretHash, login.replaces)]),
    giveBackHit(db, login.perClientAndAddress),
    endRun(db, login),
    addAuditIfSession(
      db,
      {
        event: 'logged-in',
        accountId: account.id,
        address: maskAddress(account.address),
        client,
        at: now,
      },
      session.secretHash,
    ),
  ])
  return hasChanged(started)
}

function endReplaced(db: D1Database, started: string, replaced: string): D1PreparedStatement {
  return db
    .prepare(
      `DELETE FROM session WHERE secret_hash = ?2
       AND EXISTS (SELECT 1 FROM session WHERE secret_hash = ?1)`,
    )
    .bind(started, replaced)
}

/** The right password ends the row of wrong ones, and only if it still is the right one. */
function endRun(db: D1Database, { account, session, device }: SuccessfulLogin) {
  return db
    .prepare(
      `DELETE FROM wrong_password_run WHERE run IN (?1, ?2)
       AND EXISTS (SELECT 1 FROM session WHERE secret_hash = ?3)`,
    )
    .bind(account.addressKey, runOf(account.addressKey, device), session.secretHash)
}

/** A log-in that was slow cannot outlive a reset: its version is not the account's any more. */
function insertSession(db: D1Database, { account, session, client, now }: SuccessfulLogin) {
  const { browser, system } = client.device
  return db
    .prepare(
      `INSERT INTO session
         (secret_hash, id, account_id, credential_version, browser, system, created_at, last_seen_at)
       SELECT ?1, ?2, id, credential_version, ?3, ?4, ?5, ?5 FROM account
       WHERE id = ?6 AND credential_version = ?7 AND disabled_at IS NULL`,
    )
    .bind(
      ...[session.secretHash, session.id, browser, system, now],
      ...[account.id, account.credentialVersion],
    )
}

interface SessionRow {
  session_id: string
  session_created_at: number
  session_last_seen_at: number
  session_browser: string | null
  session_system: string | null
}

function toSession(row: SessionRow & AccountRow): Session {
  return {
    id: row.session_id,
    account: toAccount(row),
    createdAt: row.session_created_at,
    lastSeenAt: row.session_last_seen_at,
    device: toDevice(row.session_browser, row.session_system),
  }
}

export function toDevice(browser: string | null, system: string | null): Device {
  return {
    browser: browsers.find((known) => known === browser) ?? null,
    system: systems.find((known) => known === system) ?? null,
  }
}

function selectLiveSessions(db: D1Database, condition: string, value: string, now: number) {
  return db
    .prepare(
      `SELECT ${ACCOUNT_COLUMNS}, session.id AS session_id, session.created_at AS session_created_at,
         session.last_seen_at AS session_last_seen_at, session.browser AS session_browser,
         session.system AS session_system
       FROM session JOIN account ON account.id = session.account_id
       WHERE ${condition}
         AND session.credential_version = account.credential_version
         AND account.disabled_at IS NULL
         AND session.last_seen_at > ?2 AND session.created_at > ?3
       ORDER BY session.last_seen_at DESC, session.id`,
    )
    .bind(value, now - SESSION_IDLE, now - SESSION_ABSOLUTE)
}

/** In seconds: a visit is noted once an hour, not once a page. */
const SEEN_EVERY = 3600

async function find(db: D1Database, secretHash: string, now: number): Promise<Session | null> {
  const row = await selectLiveSessions(db, `session.secret_hash = ?1`, secretHash, now).first<
    SessionRow & AccountRow
  >()
  if (row === null) return null
  if (row.session_last_seen_at <= now - SEEN_EVERY) await noteVisit(db, secretHash, now)
  return toSession(row)
}

async function noteVisit(db: D1Database, secretHash: string, now: number): Promise<void> {
  await db
    .prepare(`UPDATE session SET last_seen_at = ?2 WHERE secret_hash = ?1 AND last_seen_at < ?2`)
    .bind(secretHash, now)
    .run()
}

async function end(db: D1Database, accountId: string, sessionId: string, ending: SessionEnding) {
  const [, ended] = await db.batch([
    addEnding(db, accountId, `id = ?5`, sessionId, ending),
    db.prepare(`DELETE FROM session WHERE account_id = ?1 AND id = ?2`).bind(accountId, sessionId),
  ])
  return hasChanged(ended)
}

async function endOthers(db: D1Database, accountId: string, keep: string, ending: SessionEnding) {
  await db.batch([
    addEnding(db, accountId, `id <> ?5`, keep, ending),
    db.prepare(`DELETE FROM session WHERE account_id = ?1 AND id <> ?2`).bind(accountId, keep),
  ])
}

/** One audit row when there is at least one session to end. */
function addEnding(
  db: D1Database,
  accountId: string,
  condition: string,
  sessionId: string,
  { event, client, now }: SessionEnding,
) {
  return db
    .prepare(
      `INSERT INTO audit (at, event, account_id, network) SELECT ?1, ?2, ?3, ?4
       WHERE EXISTS (SELECT 1 FROM session WHERE account_id = ?3 AND ${condition})`,
    )
    .bind(now, event, accountId, client.network, sessionId)
}
