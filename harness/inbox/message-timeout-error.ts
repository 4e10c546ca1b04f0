import type { Message } from '../message/message.ts'
import { formatAddress } from '../message/address.ts'
import { describeFilter, mismatch, type Filter } from './filter.ts'

/** What was known when a wait ran out. */
export interface Evidence {
  inbox: string
  filter: Filter
  /** In milliseconds. */
  waited: number
  /** What this inbox received and nobody had taken yet. */
  waiting: Message[]
  /** What was taken already, in this test. */
  taken: Message[]
  /** What others received meanwhile, by recipient. */
  elsewhere: string[]
  /** What SMTP refused, as `command → reply`. */
  refused: string[]
  /** Faults that are staged and have not struck. */
  unmet: string[]
  /** What was lost, and why. */
  dropped: string[]
  /** The inbox page; empty when there is none. */
  url: string
}

/** No message came in time: says what did come, why it was not the one, and what SMTP refused. */
export class MessageTimeoutError extends Error {
  override name = 'MessageTimeoutError'
  readonly evidence: Evidence

  constructor(evidence: Evidence) {
    super(tell(evidence))
    this.evidence = evidence
  }
}

function tell({
  inbox,
  filter,
  waited,
  waiting,
  taken,
  elsewhere,
  refused,
  unmet,
  dropped,
  url,
}: Evidence) {
  return [
    `Waited ${waited} ms for ${describeFilter(filter)} in ${inbox}: it did not come`,
    ...list(
      'Waiting there',
      waiting.map(
        (message) => `${title(message)}: ${mismatch(message, filter) ?? 'fits, but came too late'}`,
      ),
    ),
    ...list('Already taken', taken.map(title)),
    ...(waiting.length + taken.length === 0 ? ['Nothing has arrived there'] : []),
    ...list('Others received', elsewhere),
    ...list('SMTP refused', refused),
    ...list('Dropped', dropped),
    ...list('Staged but not met', unmet),
    ...(url === '' ? [] : [`Look: ${url}`]),
  ].join('\n')
}

/** Ten lines of a kind: the newest tell most. */
function list(heading: string, lines: string[]) {
  if (lines.length === 0) return []
  const shown = lines.slice(-10).map((line) => `  ${line}`)
  const left = lines.length - shown.length
  return [`${heading}:`, ...(left > 0 ? [`  (${left} more)`] : []), ...shown]
}

function title(message: Message) {
  return `"${message.subject}" from ${formatAddress(message.from)} to ${message.envelope.to.join(', ')}`
}
