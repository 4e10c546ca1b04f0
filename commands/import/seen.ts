/**
 * Which addresses and ids a file has had so far. Kept in a temporary database of
 * SQLite, which goes to disk when it grows and goes away when it is closed.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { ImportedAccount } from '../../src/account/imported-account.ts'

/** The earlier row that an account collides with. */
export interface Collision {
  reason: 'same-address' | 'same-id'
  row: number
}

export class Seen implements Disposable {
  readonly #db = new DatabaseSync('')
  readonly #insert: StatementSync
  readonly #select: StatementSync

  constructor() {
    // No other process sees it, and nothing is to outlive a crash.
    this.#db.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      CREATE TABLE seen (address_key TEXT NOT NULL UNIQUE, legacy_id TEXT UNIQUE, row INTEGER NOT NULL) STRICT`)
    this.#insert = this.#db.prepare('INSERT OR IGNORE INTO seen VALUES (?, ?, ?)')
    this.#select = this.#db.prepare(
      'SELECT address_key, row FROM seen WHERE address_key = ?1 OR legacy_id = ?2 ORDER BY address_key = ?1 DESC',
    )
  }

  /** Null when no earlier row has this address, or this id. The first one stays. */
  add({ addressKey, legacyId }: ImportedAccount, row: number): Collision | null {
    if (this.#insert.run(addressKey, legacyId, row).changes === 1) return null
    const earlier = this.#select.get(addressKey, legacyId)
    const reason = earlier?.['address_key'] === addressKey ? 'same-address' : 'same-id'
    return { reason, row: Number(earlier?.['row']) }
  }

  [Symbol.dispose](): void {
    this.#db.close()
  }
}
