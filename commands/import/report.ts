/**
 * What an import tells: how far it is, what came of it, and which rows were left.
 */
import type { Skip, SkipReason, Tally } from './run-import.ts'

const reasons: Readonly<Record<SkipReason, string>> = {
  unreadable: 'not an object of JSON',
  'bad-address': 'not an email address',
  'unknown-hash': 'no password hash of a known format',
  'bad-id': 'an id that is too long, or has control characters',
  'bad-export': 'not a row that an export writes',
  'same-address': 'the same address as an earlier row',
  'same-id': 'the same id as an earlier row',
  'id-taken': 'its id belongs to an account with another address',
  deleted: 'deleted here: --deleted brings it back',
  'registered-again': 'deleted here, and its address has a new account since, which stays',
}

/** Of each reason, rows that are named; the others are in `--skipped FILE`. */
const NAMED = 10

/** Remembers the first rows that were skipped for each reason. */
export class SkippedRows {
  readonly #named = new Map<SkipReason, string[]>()

  add(skip: Skip): void {
    const named = this.#named.get(skip.reason) ?? []
    if (named.length < NAMED) named.push(nameRow(skip))
    this.#named.set(skip.reason, named)
  }

  describe(reason: SkipReason, count: number): string {
    const named = this.#named.get(reason) ?? []
    const more = count > named.length ? ` and ${count - named.length} more` : ''
    return `  ${count} ${reasons[reason]}: row ${named.join(', ')}${more}`
  }
}

function nameRow({ row, id, earlierRow }: Skip): string {
  const details = [
    ...(id === null ? [] : [`id ${id}`]),
    ...(earlierRow === undefined ? [] : [`as row ${earlierRow}`]),
  ]
  return details.length === 0 ? `${row}` : `${row} (${details.join(', ')})`
}

export interface Wording {
  /** What was done with those that are not skipped. */
  imported: string
}

/** The last word: how many, and which were left out for what reason. */
export function describeTally(tally: Tally, rows: SkippedRows, { imported }: Wording): string {
  const skipped = [...tally.skipped.values()].reduce((sum, count) => sum + count, 0)
  return [
    `${tally.read} rows read`,
    `${tally.imported} ${imported}`,
    `${tally.alreadyThere} already there, left as they are`,
    `${skipped} skipped`,
    ...[...tally.skipped].map(([reason, count]) => rows.describe(reason, count)),
  ].join('\n')
}

/** In rows. */
const PROGRESS_EVERY = 10_000

/** A line now and then; null in between. */
export function describeProgress({ read, imported }: Tally, total: number | null): string | null {
  if (read === 0 || read % PROGRESS_EVERY !== 0) return null
  const share = total === null ? '' : ` of ${total}`
  return `${read}${share} rows read, ${imported} accounts so far`
}
