/** What a test asks the delivering Worker to do, and what it hears back, as JSON. */
import type { Deadlines } from '../../../src/mail/smtp/deadlines.ts'
import type { SmtpSettings } from '../../../src/mail/smtp/transport.ts'

export interface Delivery {
  to: string
  subject: string
  text: string
  html: string
  messageId: string
}

export interface Task {
  settings: Omit<SmtpSettings, 'sender'> & { sender: { address: string; name?: string } }
  deadlines: Partial<Deadlines>
  messages: Delivery[]
}

export interface Reported {
  ok: boolean
  reply?: { code: number; enhanced?: string; text: string }
  stage?: string
  trouble?: string
  code?: number | undefined
  enhanced?: string | undefined
  permanent?: boolean
  message?: string
  cause?: string
}

export interface Outcome {
  opened: Reported
  messages: Reported[]
  usable: boolean
  /** Every reply that was observed, as stage and code. */
  stages: string[]
}
