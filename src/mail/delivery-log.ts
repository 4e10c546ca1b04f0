/**
 * One structured line for each attempt: an id, a stage and a reply, never an
 * address, a token or a password.
 */
import type { OutboxEnd, OutboxPurpose } from './outbox.ts'

export interface DeliveryAttempt {
  /** Of the outbox row. */
  id: string
  purpose: OutboxPurpose
  attempt: number
  state: 'waiting' | OutboxEnd['state']
  result?: OutboxEnd['result']
  lastReply: string | null
}

export type DeliveryLog = (attempt: DeliveryAttempt) => void
