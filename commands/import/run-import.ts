/**
 * The import itself: rows in, batches out, and what became of each row.
 */
import {
  type ForeignRow,
  type ImportDefaults,
  type ImportedAccount,
  type ImportRefusal,
  toImportedAccount,
} from '../../src/account/imported-account.ts'
import { IMPORT_BATCH, type ImportOutcome } from '../../src/store/imports.ts'
import type { Collision, Seen } from './seen.ts'
import type { Target } from './target.ts'

export type SkipReason = 'unreadable' | ImportRefusal | Collision['reason'] | NotTaken

/** What the database says of an account that it neither takes nor has. */
type NotTaken = Exclude<ImportOutcome, 'imported' | 'already-there'>

export interface Skip {
  /** Counted from 1, a header not among them. */
  row: number
  id: string | null
  reason: SkipReason
  /** The earlier row that it collides with. */
  earlierRow?: number
}

export interface Tally {
  read: number
  imported: number
  alreadyThere: number
  skipped: Map<SkipReason, number>
  /** Ended between two batches, because somebody asked for it. */
  stopped: boolean
}

export interface ImportJob {
  rows: Iterable<ForeignRow | null> | AsyncIterable<ForeignRow | null>
  defaults: ImportDefaults
  seen: Seen
  target: Target
  shouldStop: () => boolean
  onSkip: (skip: Skip) => void
  /** After every batch. */
  onProgress: (tally: Readonly<Tally>) => void
}

/** Reads every row, one batch at a time, whatever their number. */
export async function runImport(job: ImportJob): Promise<Tally> {
  const run = new ImportRun(job)
  for await (const row of job.rows) {
    run.take(row)
    if (run.tally.read % IMPORT_BATCH === 0 && !(await run.flush())) return run.tally
  }
  const isFlushed = run.tally.read % IMPORT_BATCH === 0
  if (isFlushed || (await run.flush())) await job.target.finish()
  return run.tally
}

interface Waiting {
  account: ImportedAccount
  row: number
}

class ImportRun {
  readonly tally: Tally = {
    read: 0,
    imported: 0,
    alreadyThere: 0,
    skipped: new Map(),
    stopped: false,
  }
  readonly #job: ImportJob
  #batch: Waiting[] = []

  constructor(job: ImportJob) {
    this.#job = job
  }

  take(values: ForeignRow | null): void {
    const row = ++this.tally.read
    const id = values?.legacyId ?? null
    if (values === null) return this.#skip({ row, id, reason: 'unreadable' })
    const read = toImportedAccount(values, this.#job.defaults)
    if (!read.ok) return this.#skip({ row, id, reason: read.reason })
    const collision = this.#job.seen.add(read.account, row)
    if (collision === null) this.#batch.push({ account: read.account, row })
    else this.#skip({ row, id, reason: collision.reason, earlierRow: collision.row })
  }

  /** False when it is time to stop. */
  async flush(): Promise<boolean> {
    const batch = this.#batch
    this.#batch = []
    if (batch.length > 0) {
      const outcomes = await this.#job.target.add(batch.map(({ account }) => account))
      for (const [index, outcome] of outcomes.entries()) this.#count(batch[index], outcome)
    }
    this.#job.onProgress(this.tally)
    // Ctrl-C is heard between two turns of the event loop only.
    await new Promise((resolve) => setImmediate(resolve))
    this.tally.stopped = this.#job.shouldStop()
    return !this.tally.stopped
  }

  #count(waiting: Waiting | undefined, outcome: ImportOutcome): void {
    if (waiting === undefined) throw new RangeError('More outcomes than accounts')
    const { account, row } = waiting
    if (outcome === 'imported') this.tally.imported += 1
    else if (outcome === 'already-there') this.tally.alreadyThere += 1
    else this.#skip({ row, id: account.legacyId, reason: outcome })
  }

  #skip(skip: Skip): void {
    const { skipped } = this.tally
    skipped.set(skip.reason, (skipped.get(skip.reason) ?? 0) + 1)
    this.#job.onSkip(skip)
  }
}
