/**
 * The stores: SQL beside its function, one file per noun, written once against D1.
 *
 * D1's Sessions API is not used, on purpose: without it every query goes to the
 * primary, so that a session ended a moment ago never looks alive on a replica.
 */
import type { D1Database } from '@cloudflare/workers-types'
import type { Store } from '../account/services.ts'
import type { OutboxQueue } from '../mail/outbox.ts'
import { createAccountStore } from './accounts.ts'
import { createAuditStore } from './audit.ts'
import { createLimitStore } from './limits.ts'
import { createOutboxStore } from './outbox.ts'
import { prune } from './prune.ts'
import { createSessionStore } from './sessions.ts'

export interface Stores extends Store {
  outbox: OutboxQueue
  /** Deletes what nobody needs any more, beside the outbox. */
  prune(now: number): Promise<void>
  /** Throws when the database is away or has no tables yet; reads no row. */
  check(): Promise<void>
}

export function createStore(db: D1Database): Stores {
  return {
    accounts: createAccountStore(db),
    sessions: createSessionStore(db),
    outbox: createOutboxStore(db),
    limits: createLimitStore(db),
    audit: createAuditStore(db),
    prune: (now) => prune(db, now),
    async check() {
      await db.prepare(`SELECT 1 FROM account LIMIT 0`).first()
    },
  }
}
