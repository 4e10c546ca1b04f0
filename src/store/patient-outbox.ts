/**
 * The outbox in the hand of a delivery: while the database is away for a moment,
 * it is asked again. A row whose end cannot be recorded would wait for its lease,
 * and be mailed a second time.
 */
import type { OutboxQueue } from '../mail/outbox.ts'
import { isDatabaseError } from './database-error.ts'
import { persist } from './persist.ts'

/** The same outbox, for a delivery. Only what may happen twice is tried again. */
export function patient(outbox: OutboxQueue): OutboxQueue {
  return {
    ...outbox,
    // Rows whose claim was not heard of wait for their lease; a second claim takes others.
    claim: (...args) => persist(() => outbox.claim(...args), isDatabaseError),
    // Both are recorded for one attempt, and only while the row waits.
    end: (...args) => persist(() => outbox.end(...args), isDatabaseError),
    postpone: (...args) => persist(() => outbox.postpone(...args), isDatabaseError),
  }
}
