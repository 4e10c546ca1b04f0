/** How a mail server is started, and what bounds it. */
import type { MailboxLimits } from './mailbox/mailbox.ts'
import type { SmtpLimits } from './smtp/server.ts'

export interface MailServerOptions {
  /** Address to listen on; loopback without it. */
  host?: string
  /** Port for SMTP; any free one without it. */
  smtpPort?: number
  /** Port for SMTP with TLS from the first byte; any free one without it, none when false. */
  smtpsPort?: number | false
  /** Port of the inbox page and the HTTP API; any free one without it, none when false. */
  inboxPort?: number | false
  /** Folder of the throw-away authority and its certificates; a temporary one without it, removed by `stop()`. */
  certificates?: string
  /** Names the certificate is valid for, besides localhost, 127.0.0.1 and ::1. */
  hosts?: readonly string[]
  /** Whether STARTTLS is offered, or must come before MAIL; offered without it. */
  starttls?: boolean | 'required'
  /** Whether AUTH is offered or must come before MAIL; offered without it. */
  auth?: 'optional' | 'required' | 'off'
  /** Users and passwords. With them, or when AUTH is required, only these and the credentials of inboxes are taken; without, any. */
  users?: Readonly<Record<string, string>>
  /** Domain of fresh addresses; example.test without it. */
  domain?: string
  /** `user:password` for the inbox page and the HTTP API. */
  inboxAuth?: string
  limits?: Partial<MailboxLimits & SmtpLimits & { transcripts: number }>
  /** Told what was lost, and why. */
  onDropped?: (reason: string) => void
}

const MIB = 1024 * 1024

export const defaultLimits = {
  messages: 10_000,
  bytes: 256 * MIB,
  messageBytes: 32 * MIB,
  bytesInFlight: 256 * MIB,
  connections: 500,
  idleTime: 60_000,
  sessionTime: 10 * 60_000,
  transcripts: 1_000,
}

export type Limits = typeof defaultLimits
