/**
 * Delivery status notifications (RFC 3464): the mail that a server sends back to
 * the envelope sender when it could not deliver.
 */
import { randomUUID } from 'node:crypto'
import type { Captured, Delivery } from '../mailbox/captured.ts'

export interface BounceOptions {
  /** Who was not reached; every envelope recipient without it. */
  to?: string | readonly string[]
  /** What happened: `failed` without it. */
  action?: 'failed' | 'delayed' | 'delivered'
  /** Enhanced status code (RFC 3463); 5.1.1 for a failure, 4.4.1 for a delay, 2.0.0 for a delivery. */
  status?: string
  /** What the remote server said, such as `550 5.1.1 No such user`. */
  diagnostic?: string
}

/** No sender, so that a bounce of a bounce is impossible (RFC 5321 §4.5.5). */
export function bounceDelivery(captured: Captured): Delivery {
  const envelope = { from: '', to: [captured.delivery.envelope.from], parameters: {} }
  return { envelope, tls: false, auth: false, hello: 'localhost', session: '' }
}

/**
 * Writes the notification for one message. Throws `TypeError` when the message has no
 * envelope sender, and so may not be answered.
 */
export function composeBounce(captured: Captured, options: BounceOptions = {}): Buffer {
  const { envelope } = captured.delivery
  if (envelope.from === '')
    throw new TypeError('A message without envelope sender is never bounced')
  const facts = complete(envelope.to, options)
  const boundary = randomUUID()
  const parts = [forPeople(facts), forPrograms(facts), original(captured)]
  const body = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')
  return Buffer.from(
    `${head(envelope.from, boundary, facts)}\r\n\r\n${body}--${boundary}--\r\n`,
    'latin1',
  )
}

interface Facts {
  recipients: readonly string[]
  action: 'failed' | 'delayed' | 'delivered'
  status: string
  diagnostic: string
}

const usual = {
  failed: { status: '5.1.1', diagnostic: '550 5.1.1 No such user' },
  delayed: { status: '4.4.1', diagnostic: '451 4.4.1 No answer from host' },
  delivered: { status: '2.0.0', diagnostic: '250 2.0.0 Delivered' },
}

function complete(all: readonly string[], options: BounceOptions): Facts {
  const { to, action = 'failed', status, diagnostic } = options
  const recipients = to === undefined ? all : typeof to === 'string' ? [to] : to
  return {
    recipients,
    action,
    status: status ?? usual[action].status,
    diagnostic: diagnostic ?? usual[action].diagnostic,
  }
}

const subjects = {
  failed: 'Undelivered Mail Returned to Sender',
  delayed: 'Delayed Mail (still being retried)',
  delivered: 'Successful Mail Delivery Report',
}

function head(to: string, boundary: string, { action }: Facts) {
  return lines(
    'From: Mail Delivery System <MAILER-DAEMON@localhost>',
    `To: ${to}`,
    `Subject: ${subjects[action]}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${randomUUID()}@localhost>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
  )
}

function forPeople({ recipients, action, diagnostic }: Facts) {
  const what = {
    failed: 'could not be delivered',
    delayed: 'is delayed',
    delivered: 'was delivered',
  }
  return lines(
    'Content-Type: text/plain; charset=us-ascii',
    '',
    `Your message ${what[action]} to: ${recipients.join(', ')}`,
    `The mail server said: ${diagnostic}`,
  )
}

/** RFC 3464 §2.1: fields of the message, then fields of each recipient. */
function forPrograms({ recipients, action, status, diagnostic }: Facts) {
  const each = recipients.map((recipient) =>
    lines(
      '',
      `Final-Recipient: rfc822; ${recipient}`,
      `Action: ${action}`,
      `Status: ${status}`,
      `Diagnostic-Code: smtp; ${diagnostic}`,
    ),
  )
  return lines(
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; localhost',
    ...each,
    '',
  )
}

/** The header alone, as RFC 6522 §3 allows. */
function original({ raw }: Captured) {
  const header = raw.toString('latin1').split('\r\n\r\n', 1)[0] ?? ''
  return lines('Content-Type: text/rfc822-headers', '', header)
}

function lines(...all: string[]) {
  return all.join('\r\n')
}
