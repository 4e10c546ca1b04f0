/**
 * The outbox: every mail is a row before anybody is answered, and stays one
 * until a server has taken it or refused it for good.
 */
import type { EmailAddress } from '../account/address.ts'
import type { Device } from '../account/client.ts'
import type { Account, OutboxAsks } from '../account/services.ts'
import type { Quota } from '../account/limits.ts'
import type { Locale } from '../../templates/locales/index.ts'

export type OutboxPurpose = 'reset' | 'register' | 'password-changed' | 'error-report'

/** The outbox as delivery sees it. */
export interface OutboxQueue extends OutboxAsks {
  /**
   * Takes rows that are due, finds out who is behind their addresses, and counts link
   * mails against their limit; in one statement.
   */
  claim(claim: OutboxClaim): Promise<ClaimedRow[]>
  /** Records how rows ended, in one batch. */
  end(rows: readonly EndedRow[], now: number): Promise<void>
  /** Lets rows wait, in one batch. */
  postpone(rows: readonly PostponedRow[], lastReply: string | null): Promise<void>
  /** An error report to one of `ADMINS`. */
  addReport(report: OutboxReport): Promise<void>
  figures(now: number): Promise<OutboxFigures>
  /** Deletes what ended long ago and no link can name any more. */
  prune(now: number): Promise<void>
}

export interface OutboxClaim {
  /** Rows at most. */
  count: number
  /** In seconds: how long nobody else takes them. */
  lease: number
  /** Of link mails, per address. */
  quota: Quota
  now: number
}

/** What a mail needs to know of an account. */
export type Recipient = Pick<
  Account,
  'id' | 'address' | 'credentialVersion' | 'locale' | 'disabledAt'
>

export interface ClaimedRow {
  id: string
  purpose: OutboxPurpose
  address: string
  addressKey: string
  /** Of whoever asked; null when the operator did. */
  locale: Locale | null
  device: Device
  detail: string | null
  /** This attempt included. */
  attempts: number
  /** Unix seconds; from then on somebody else may hold the row. */
  leasedUntil: number
  createdAt: number
  account: Recipient | null
  /** Meaningful for link mails only. */
  withinQuota: boolean
}

export interface OutboxEnd {
  state: 'done' | 'failed'
  result: 'sent' | 'no-account' | 'disabled' | 'limited' | 'refused' | 'expired' | 'bad-address'
  /** Stage and reply of the server, without addresses; null when none was asked. */
  lastReply: string | null
}

export interface EndedRow {
  row: Pick<ClaimedRow, 'id' | 'attempts'>
  end: OutboxEnd
}

export interface PostponedRow {
  row: Pick<ClaimedRow, 'id' | 'attempts'>
  /** Unix seconds. */
  until: number
}

export interface OutboxReport {
  id: string
  address: EmailAddress
  locale: Locale
  detail: string
  now: number
}

export interface OutboxFigures {
  waiting: number
  failed: number
  /** Age of the oldest row that waits, in seconds; null when none does. */
  oldestSeconds: number | null
}
