import type { D1Database, D1PreparedStatement } from '@cloudflare/workers-types'
import { maskAddress } from '../account/audit.ts'
import type { Account, AccountStore, NewAccount, PasswordChange } from '../account/services.ts'
import { isLocale } from '../../templates/locales/index.ts'
import { addAuditIfHash } from './audit.ts'
import { findCounted, forgetPasswordHits, forgetWrongPasswords } from './limits.ts'
import { hasChanged } from './rows.ts'

export interface AccountRow {
  id: string
  address: string
  address_key: string
  username: string
  password_hash: string
  credential_version: number
  locale: string
  proven_at: number | null
  disabled_at: number | null
}

export const ACCOUNT_COLUMNS = `account.id, account.address, account.address_key, account.username,
  account.password_hash, account.credential_version, account.locale, account.proven_at, account.disabled_at`

export function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    address: row.address,
    addressKey: row.address_key,
    username: row.username,
    passwordHash: row.password_hash,
    credentialVersion: row.credential_version,
    locale: isLocale(row.locale) ? row.locale : null,
    provenAt: row.proven_at,
    disabledAt: row.disabled_at,
  }
}

export function createAccountStore(db: D1Database): AccountStore {
  return {
    async find(id) {
      const row = await selectById(db, id).first<AccountRow>()
      return row && toAccount(row)
    },
    async findCounted(id, hit) {
      const { admission, row } = await findCounted<AccountRow>(db, hit, selectById(db, id))
      return { admission, found: row && toAccount(row) }
    },
    async findByAddressKey(key) {
      const row = await selectByAddressKey(db, key).first<AccountRow>()
      return row && toAccount(row)
    },
    async findByLegacyId(legacyId) {
      const row = await db
        .prepare(`SELECT ${ACCOUNT_COLUMNS} FROM account WHERE legacy_id = ?1`)
        .bind(legacyId)
        .first<AccountRow>()
      return row && toAccount(row)
    },
    replacePassword: (change) => replacePassword(db, change),
    register: (registration) => register(db, registration),
    async rehash({ id, credentialVersion, passwordHash: old }, passwordHash) {
      await db
        .prepare(
          `UPDATE account SET password_hash = ?1
           WHERE id = ?2 AND credential_version = ?3 AND password_hash = ?4`,
        )
        .bind(passwordHash, id, credentialVersion, old)
        .run()
    },
  }
}

function selectById(db: D1Database, id: string): D1PreparedStatement {
  return db.prepare(`SELECT ${ACCOUNT_COLUMNS} FROM account WHERE id = ?1`).bind(id)
}

export function selectByAddressKey(db: D1Database, key: string): D1PreparedStatement {
  return db.prepare(`SELECT ${ACCOUNT_COLUMNS} FROM account WHERE address_key = ?1`).bind(key)
}

/**
 * D1 runs every statement of a batch, also when the first hit nothing, so each
 * later one asks whether the new salted hash, which nobody else can have, is
 * the one that got in.
 */
async function replacePassword(db: D1Database, change: PasswordChange): Promise<boolean> {
  const { account, passwordHash, event, client, now } = change
  const [claimed] = await db.batch([
    claimVersion(db, change),
    db
      .prepare(
        `DELETE FROM session WHERE account_id = ?1
         AND EXISTS (SELECT 1 FROM account WHERE id = ?1 AND password_hash = ?2)`,
      )
      .bind(account.id, passwordHash),
    ...insertOwnSession(db, change),
    forgetWrongPasswords(db, account.addressKey, passwordHash),
    forgetPasswordHits(db, account.addressKey, passwordHash),
    insertNotice(db, change),
    addAuditIfHash(
      db,
      { event, accountId: account.id, address: maskAddress(account.address), client, at: now },
      passwordHash,
    ),
  ])
  return hasChanged(claimed)
}

/** A mailed link also proves the mailbox. */
function claimVersion(db: D1Database, change: PasswordChange) {
  const { account, passwordHash, event, locale, now } = change
  const provenAt = event === 'password-reset' ? now : null
  return db
    .prepare(
      `UPDATE account SET password_hash = ?1, credential_version = credential_version + 1,
         proven_at = coalesce(proven_at, ?4), locale = CASE locale WHEN '' THEN ?5 ELSE locale END
       WHERE id = ?2 AND credential_version = ?3 AND disabled_at IS NULL`,
    )
    .bind(passwordHash, account.id, account.credentialVersion, provenAt, locale)
}

function insertOwnSession(
  db: D1Database,
  { account, passwordHash, session, client, now }: PasswordChange,
): D1PreparedStatement[] {
  if (session === null) return []
  const { browser, system } = client.device
  const statement = db.prepare(
    `INSERT INTO session
       (secret_hash, id, account_id, credential_version, browser, system, created_at, last_seen_at)
     SELECT ?1, ?2, id, credential_version, ?3, ?4, ?5, ?5 FROM account WHERE id = ?6 AND password_hash = ?7`,
  )
  return [
    statement.bind(session.secretHash, session.id, browser, system, now, account.id, passwordHash),
  ]
}

function insertNotice(
  db: D1Database,
  { account, passwordHash, noticeId, client, now }: PasswordChange,
) {
  const { browser, system } = client.device
  return db
    .prepare(
      `INSERT INTO outbox
         (id, purpose, address, address_key, account_id, locale, browser, system, next_attempt_at, created_at)
       SELECT ?1, 'password-changed', address, address_key, id, locale, ?2, ?3, ?4, ?4
       FROM account WHERE id = ?5 AND password_hash = ?6`,
    )
    .bind(noticeId, browser, system, now, account.id, passwordHash)
}

async function register(db: D1Database, account: NewAccount): Promise<boolean> {
  const { id, registration, addressKey, username, passwordHash, client, now } = account
  const [made] = await db.batch([
    db
      .prepare(
        `INSERT INTO account (id, address, address_key, username, password_hash, locale, proven_at, created_at)
         SELECT ?1, address, address_key, ?2, ?3, locale, ?4, ?4 FROM outbox
         WHERE id = ?5 AND purpose = 'register'
         ON CONFLICT (address_key) DO NOTHING`,
      )
      .bind(id, username, passwordHash, now, registration),
    forgetWrongPasswords(db, addressKey, passwordHash),
    forgetPasswordHits(db, addressKey, passwordHash),
    addAuditIfHash(
      db,
      { event: 'registered', accountId: id, address: null, client, at: now },
      passwordHash,
    ),
  ])
  return hasChanged(made)
}
