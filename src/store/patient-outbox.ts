/**
 * The outbox in the hand of a delivery: while the database is away for a moment,
 * it is asked again. A row whose end cannot be recorded would wait for its lease,
 * and be mailed a second time.
 *
 * Locally, workerd finds the database busy (SQLITE_BUSY) whenever an operator's
 * command writes to the same file: it sets no busy timeout.
 */
import type { OutboxQueue } from '../mail/outbox.ts'
import { isDatabaseError } from './database-error.ts'

/** In milliseconds, doubled each time. */
const FIRST_WAIT = 20
/** In milliseconds. */
const LONGEST_WAIT = 500
/** In milliseconds: for one statement. Far less than a lease. */
const PATIENCE = 5000

/** The same outbox, for a delivery. Only what may happen twice is tried again. */
export function patient(outbox: OutboxQueue): OutboxQueue {
  return {
    ...outbox,
    // Rows whose claim was not heard of wait for their lease; a second claim takes others.
    claim: (...args) => persist(() => outbox.claim(...args)),
    // Counts at the time of the attempt, which stays the same.
    prepare: (...args) => persist(() => outbox.prepare(...args)),
    // Both are recorded for one attempt, and only while the row waits.
    end: (...args) => persist(() => outbox.end(...args)),
    postpone: (...args) => persist(() => outbox.postpone(...args)),
  }
}

async function persist<Result>(work: () => Promise<Result>): Promise<Result> {
  let waited = 0
  for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    try {
      return await work()
    } catch (error) {
      const mayPass = error instanceof Error && isDatabaseError(error)
      if (!mayPass || waited >= PATIENCE) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, wait))
    waited += wait
  }
}
