import type { D1Database, D1PreparedStatement } from '@cloudflare/workers-types'
import { maskAddress } from '../account/audit.ts'
import type { AskedRegistration, OutboxAsk } from '../account/services.ts'
import type { Admission } from '../account/limits.ts'
import type {
  ClaimedRow,
  EndedRow,
  OutboxClaim,
  OutboxFigures,
  OutboxPurpose,
  OutboxQueue,
  OutboxReport,
  PostponedRow,
  Recipient,
} from '../mail/outbox.ts'
import { isLocale } from '../../templates/locales/index.ts'
import type { AccountRow } from './accounts.ts'
import { addAuditOfAsk } from './audit.ts'
import { countHit, findCounted, readAdmission } from './limits.ts'
import { toDevice } from './sessions.ts'

export function createOutboxStore(db: D1Database): OutboxQueue {
  return {
    ask: (ask) => addAsk(db, ask),
    async findRegistration(id) {
      const row = await selectRegistration(db, id).first<RegistrationRow>()
      return row && toRegistration(row)
    },
    async findRegistrationCounted(id, hit) {
      const { admission, row } = await findCounted<RegistrationRow>(
        db,
        hit,
        selectRegistration(db, id),
      )
      return { admission, found: row && toRegistration(row) }
    },
    claim: (wanted) => claim(db, wanted),
    end: (rows, now) => endRows(db, rows, now),
    postpone: (rows, lastReply) => postpone(db, rows, lastReply),
    addReport: (report) => addReport(db, report),
    figures: (now) => figures(db, now),
    prune: (now) => prune(db, now),
  }
}

/**
 * One batch: the limit, the row, and the audit row. While a row for the same
 * address and purpose waits, a second ask adds none.
 */
async function addAsk(db: D1Database, ask: OutboxAsk): Promise<Admission> {
  const { purpose, address, client, limit, now } = ask
  const event = purpose === 'reset' ? 'reset-asked' : 'registration-asked'
  const [counted] = await db.batch([
    countHit(db, limit, now),
    insertAsk(db, ask),
    addAuditOfAsk(
      db,
      { event, accountId: null, address: maskAddress(address.key), client, at: now },
      limit,
    ),
  ])
  return readAdmission(counted, limit, now)
}

function insertAsk(db: D1Database, ask: OutboxAsk): D1PreparedStatement {
  const { id, purpose, address, locale, client, limit, now } = ask
  const { browser, system } = client.device
  return db
    .prepare(
      `INSERT INTO outbox
         (id, purpose, address, address_key, locale, browser, system, next_attempt_at, created_at)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8
       WHERE (SELECT hits FROM limit_window WHERE key = ?9) <= ?10
       ON CONFLICT DO NOTHING`,
    )
    .bind(
      ...[id, purpose, address.typed, address.key, locale, browser, system, now],
      ...[limit.key, limit.count],
    )
}

interface RegistrationRow {
  address: string
  address_key: string
  taken: number
}

function selectRegistration(db: D1Database, id: string): D1PreparedStatement {
  return db
    .prepare(
      `SELECT address, address_key,
         EXISTS (SELECT 1 FROM account WHERE address_key = outbox.address_key) AS taken
       FROM outbox WHERE id = ?1 AND purpose = 'register'`,
    )
    .bind(id)
}

function toRegistration({ address, address_key, taken }: RegistrationRow): AskedRegistration {
  return { address, addressKey: address_key, taken: taken === 1 }
}

interface OutboxRow {
  id: string
  purpose: OutboxPurpose
  address: string
  address_key: string
  locale: string
  browser: string | null
  system: string | null
  detail: string | null
  attempts: number
  leased_until: number
  created_at: number
  within_quota: number
  /** JSON of a RecipientRow. */
  account: string | null
}

type RecipientRow = Pick<
  AccountRow,
  'id' | 'address' | 'credential_version' | 'locale' | 'disabled_at'
>

/** Warnings before links of accounts, and strangers after both. */
const turns = [
  'password-changed',
  'reset',
  'register',
  'error-report',
] as const satisfies readonly OutboxPurpose[]

/** The first ?1 of each purpose that are due at ?2: each a walk along `outbox_turn`, however much waits. */
const dueInTurn = turns
  .map(
    (purpose, turn) =>
      `SELECT * FROM (SELECT id, ${turn} AS turn, next_attempt_at FROM outbox
         WHERE state = 'waiting' AND purpose = '${purpose}' AND next_attempt_at <= ?2 AND leased_until <= ?2
         ORDER BY next_attempt_at LIMIT ?1)`,
  )
  .join(' UNION ALL ')

/** Asked to register what has an account: the mail says so, and has no link that a row is kept for. */
const hasAccount = `due.purpose = 'register'
  AND EXISTS (SELECT 1 FROM account WHERE address_key = due.address_key)`

/**
 * Whether a link mail is within its quota. Mails that say "you have an account" have
 * one of their own: whoever asks for those keeps no link from anybody.
 * A retry is counted anew, at the time of its own attempt. Of the rows of one claim
 * none counts for another: of an address and a purpose one waits.
 */
const isWithinQuota = `due.purpose IN ('reset', 'register')
  AND (due.purpose = 'register' OR EXISTS (SELECT 1 FROM account WHERE address_key = due.address_key))
  AND (SELECT count(*) FROM outbox AS other
       WHERE other.address_key = due.address_key AND other.id <> due.id
         AND other.counted_at > ?2 - ?4
         AND (other.link_expires_at IS NULL) = (${hasAccount})) < ?5`

/**
 * Takes rows that are due for a lease: one statement, so that two deliveries
 * never hold the same row. `attempts` then says whose turn it is: an end is
 * recorded only for the attempt that is the row's last.
 */
async function claim(db: D1Database, { count, lease, quota, now }: OutboxClaim) {
  const { results } = await db
    .prepare(
      `UPDATE outbox SET leased_until = ?2 + ?3, attempts = attempts + 1,
         counted_at = iif(within_quota, ?2, counted_at),
         link_expires_at = iif(within_quota, link_end, link_expires_at)
       FROM (
         SELECT due.id AS due_id, ${isWithinQuota} AS within_quota,
           iif(${hasAccount}, NULL, ?2 + ?4) AS link_end
         FROM (SELECT id FROM (${dueInTurn}) ORDER BY turn, next_attempt_at LIMIT ?1) AS turn
         CROSS JOIN outbox AS due ON due.id = turn.id
       ) WHERE outbox.id = due_id
       RETURNING id, purpose, address, address_key, locale, browser, system, detail, attempts,
         leased_until, created_at, counted_at IS ?2 AS within_quota,
         (SELECT json_object('id', id, 'address', address, 'credential_version', credential_version,
            'locale', locale, 'disabled_at', disabled_at)
          FROM account WHERE address_key = outbox.address_key) AS account`,
    )
    .bind(count, now, lease, quota.seconds, quota.count)
    .all<OutboxRow>()
  return results.sort(byTurn).map(toClaimedRow)
}

/** RETURNING gives rows in no order at all (https://sqlite.org/lang_returning.html, "Limitations And Caveats"). */
function byTurn(a: OutboxRow, b: OutboxRow): number {
  return turns.indexOf(a.purpose) - turns.indexOf(b.purpose) || a.created_at - b.created_at
}

function toClaimedRow(row: OutboxRow): ClaimedRow {
  return {
    id: row.id,
    purpose: row.purpose,
    address: row.address,
    addressKey: row.address_key,
    locale: isLocale(row.locale) ? row.locale : null,
    device: toDevice(row.browser, row.system),
    detail: row.detail,
    attempts: row.attempts,
    leasedUntil: row.leased_until,
    createdAt: row.created_at,
    account: row.account === null ? null : toRecipient(row.account),
    withinQuota: row.within_quota === 1,
  }
}

function toRecipient(json: string): Recipient {
  const row = JSON.parse(json) as RecipientRow
  return {
    id: row.id,
    address: row.address,
    credentialVersion: row.credential_version,
    locale: isLocale(row.locale) ? row.locale : null,
    disabledAt: row.disabled_at,
  }
}

/** Rows that ended alike, as nearly all of a batch do, are one statement. */
async function endRows(db: D1Database, rows: readonly EndedRow[], now: number): Promise<void> {
  const alike = Map.groupBy(rows, ({ row: { attempts }, end: { state, result, lastReply } }) =>
    JSON.stringify([attempts, state, result, lastReply]),
  )
  await db.batch([...alike.values()].map((group) => endAlike(db, group, now)))
}

/** By primary key, whatever SQLite takes the states of rows to be: `+state` is in no index. */
function endAlike(db: D1Database, rows: readonly EndedRow[], now: number): D1PreparedStatement {
  const [{ row, end }] = rows as [EndedRow]
  const ids = rows.map((ended) => ended.row.id)
  return db
    .prepare(
      `UPDATE outbox SET state = ?2, result = ?3, last_reply = ?4, ended_at = ?5, leased_until = 0
       WHERE id IN (${ids.map((_, at) => `?${at + 6}`).join(', ')})
         AND attempts = ?1 AND +state = 'waiting'`,
    )
    .bind(row.attempts, end.state, end.result, end.lastReply, now, ...ids)
}

async function postpone(
  db: D1Database,
  rows: readonly PostponedRow[],
  lastReply: string | null,
): Promise<void> {
  const wait = db.prepare(
    `UPDATE outbox SET next_attempt_at = ?3, last_reply = ?4, leased_until = 0
     WHERE id = ?1 AND attempts = ?2 AND state = 'waiting'`,
  )
  await db.batch(
    rows.map(({ row: { id, attempts }, until }) => wait.bind(id, attempts, until, lastReply)),
  )
}

async function addReport(db: D1Database, report: OutboxReport): Promise<void> {
  const { id, address, locale, detail, now } = report
  await db
    .prepare(
      `INSERT INTO outbox (id, purpose, address, address_key, locale, detail, next_attempt_at, created_at)
       VALUES (?1, 'error-report', ?2, ?3, ?4, ?5, ?6, ?6)`,
    )
    .bind(id, address.typed, address.key, locale, detail, now)
    .run()
}

async function figures(db: D1Database, now: number): Promise<OutboxFigures> {
  const row = await db
    .prepare(
      `SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
         count(*) FILTER (WHERE state = 'failed') AS failed,
         min(created_at) FILTER (WHERE state = 'waiting') AS oldest
       FROM outbox`,
    )
    .first<{ waiting: number; failed: number; oldest: number | null }>()
  const oldest = row?.oldest ?? null
  return {
    waiting: row?.waiting ?? 0,
    failed: row?.failed ?? 0,
    oldestSeconds: oldest === null ? null : now - oldest,
  }
}

/** In seconds: how long what failed stays for the operator to see. */
const FAILED_KEPT = 30 * 24 * 3600
/** In seconds: how long what was done stays, beyond any link that names it. */
const DONE_KEPT = 24 * 3600

async function prune(db: D1Database, now: number): Promise<void> {
  await db.batch([
    db
      .prepare(
        `DELETE FROM outbox WHERE state <> 'waiting'
         AND ended_at < CASE state WHEN 'failed' THEN ?2 ELSE ?3 END
         AND coalesce(link_expires_at, 0) < ?1`,
      )
      .bind(now, now - FAILED_KEPT, now - DONE_KEPT),
    db.prepare(`DELETE FROM limit_window WHERE ends_at < ?1`).bind(now),
  ])
}
