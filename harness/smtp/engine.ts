import type { BounceOptions } from '../faults/bounce.ts'
import type { FaultBook } from '../faults/fault-book.ts'
import type { Delivery } from '../mailbox/captured.ts'
import type { PasswordProof } from './password-proof.ts'
import type { Transcript } from './transcript.ts'

/** What becomes of an accepted message. */
export interface Fate {
  /** The inbox whose port it came through. */
  owner?: string | undefined
  /** Notify the envelope sender afterwards. */
  bounce?: BounceOptions | undefined
}

/** What an SMTP server needs from the harness around it. */
export interface Engine {
  readonly faults: FaultBook
  authenticate(user: string, proof: PasswordProof): boolean
  /** The inboxes, by address, that a user or these recipients stand for. */
  ownersOf(user: string | undefined, recipients: readonly string[]): Set<string>
  /** Takes a message whose 250 has been written. */
  accept(raw: Buffer, delivery: Delivery, fate: Fate): void
  opened(transcript: Transcript): void
  closed(transcript: Transcript): void
  /** Something was lost, and why. */
  dropped(transcript: Transcript, reason: string): void
  /** An error below SMTP, such as a TLS handshake that the client broke off. */
  troubled(error: Error): void
}
