/**
 * How rows ended, on their way to the database: those that end within a moment are
 * written in one batch, which is what lets one connection carry hundreds of mails
 * a second. A crash repeats at most the mails of that moment.
 */
import type { EndedRow, OutboxEnd, OutboxQueue } from './outbox.ts'

/** In milliseconds: after this, whatever else is being waited for, an end is written. */
const MOMENT = 100

export interface OutboxEnds {
  add(row: EndedRow['row'], end: OutboxEnd): void
  /** Resolves when all that was added is written; rejects when something could not be. */
  written(): Promise<void>
}

export interface OutboxEndsServices {
  outbox: Pick<OutboxQueue, 'end'>
  /** Unix time in whole seconds. */
  clock: () => number
}

export function gatherEnds({ outbox, clock }: OutboxEndsServices): OutboxEnds {
  let gathered: EndedRow[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let writes = Promise.resolve()
  /** Told by `written`; what ends later is written nevertheless. */
  let failure: { error: unknown } | undefined

  function write(): void {
    clearTimeout(timer)
    timer = undefined
    const rows = gathered
    gathered = []
    if (rows.length === 0) return
    writes = writes
      .then(() => outbox.end(rows, clock()))
      .catch((error: unknown) => void (failure ??= { error }))
  }

  return {
    add(row, end) {
      gathered.push({ row, end })
      timer ??= setTimeout(write, MOMENT)
    },
    async written() {
      write()
      await writes
      if (failure !== undefined) throw failure.error
    },
  }
}
