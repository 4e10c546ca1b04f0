import type { D1Database, D1PreparedStatement } from '@cloudflare/workers-types'
import type { AuditEvent } from '../account/audit.ts'
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

function auditValues({ at, event, accountId, address, client }: AuditEvent) {
  return [at, event, accountId, address, client?.network ?? null] as const
}
