/**
 * One mail to one person: text and HTML, and nothing in its header or envelope
 * that a server or a reader could take for something else. A `Message` can only come from
 * `createMessage`. There is no Bcc, no second recipient, and no way to pass a
 * header field.
 */
import type { EmailOptions } from 'worker-mailer'
import { isAsciiMailbox, type EmailAddress } from '../account/address.ts'
import { encodeDate, encodeMailbox, encodeText, isHeaderText } from './message-header.ts'

declare const checked: unique symbol

/** Who mail comes from: From in the header, MAIL FROM in the envelope. */
export interface Sender {
  readonly address: EmailAddress
  readonly name?: string
}

export interface MessageFields {
  readonly from: Sender
  readonly to: EmailAddress
  /** At most `SUBJECT_MAX` characters, no control characters. */
  readonly subject: string
  readonly text: string
  readonly html: string
  /**
   * What stands before the @ of the Message-ID; the sender's domain comes behind
   * it. It must not come twice, but for a second try of the same mail: then
   * a receiver can tell that it has it.
   */
  readonly messageId: string
  readonly date: Date
}

export interface Message extends MessageFields {
  readonly [checked]: true
}

/** In characters: encoded, any such subject stays below 64 KB of header. */
const SUBJECT_MAX = 1_000
/** RFC 5322 §3.6.4: dot-atom-text. */
const MESSAGE_ID = /^(?=.{1,128}$)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/

/**
 * Checks a message. Throws a `RangeError` that names the field, before any
 * connection is opened.
 *
 * @example
 * const subject = 'Choose a new password'
 * const message = createMessage({ from, to, subject, text, html, messageId: 'k3Jx9.1', date })
 */
export function createMessage(fields: MessageFields): Message {
  const { from, to, subject, text, html, messageId, date } = fields
  if (!isSender(from)) throw unusable('sender')
  if (!isEnvelopeSafe(to.mailbox)) throw unusable('recipient')
  if (!isHeaderText(subject) || subject.length > SUBJECT_MAX) throw unusable('subject')
  if (!MESSAGE_ID.test(messageId)) throw unusable('Message-ID')
  if (Number.isNaN(date.getTime())) throw unusable('date')
  if (!isBody(text)) throw unusable('text')
  if (!isBody(html)) throw unusable('HTML')
  return { from, to, subject, text, html, messageId, date: new Date(date) } as Message
}

/** Whether envelope or header name a mailbox beyond ASCII (RFC 6531 §3.2, RFC 6532 §3.2). */
export function needsSmtpUtf8({ from, to }: Message): boolean {
  return !isAsciiMailbox(to) || !isAsciiMailbox(from.address)
}

/** What a server must not be able to quote into a log: who is written to, and the link in the text. */
export function secretsOf({ to, text, html }: Message): string[] {
  return [to.mailbox, to.typed, text, html]
}

/** The message as worker-mailer takes it. Every field is ours: it writes its own only where they are missing. */
export function toMail(message: Message) {
  const { from, to, subject, text, html, messageId, date } = message
  return {
    from: from.address.mailbox,
    to: to.mailbox,
    subject,
    text: withCrLf(text),
    html: withCrLf(html),
    headers: {
      From: encodeMailbox('From', from.address.mailbox, from.name),
      To: to.mailbox,
      Subject: encodeText('Subject', subject),
      Date: encodeDate(date),
      'Message-ID': `<${messageId}@${domainOf(from)}>`,
      'Auto-Submitted': 'auto-generated', // RFC 3834 §5: no out-of-office answers
    },
  } satisfies EmailOptions
}

/** The domain mail comes from, in ASCII. */
export function domainOf({ address }: Sender): string {
  return address.mailbox.slice(address.mailbox.lastIndexOf('@') + 1)
}

function isSender({ address, name = '' }: Sender): boolean {
  return isEnvelopeSafe(address.mailbox) && isHeaderText(name)
}

function isEnvelopeSafe(mailbox: string): boolean {
  return isHeaderText(mailbox) && !/[\s<>,;:"()[\]\\]/.test(mailbox)
}

function isBody(text: string): boolean {
  return text !== '' && text.isWellFormed() && !text.includes('\0')
}

/** RFC 5321 §2.3.8: lines end in CR LF, and neither stands alone. */
function withCrLf(text: string): string {
  return text.replace(/\r\n?|\n/g, '\r\n')
}

function unusable(field: string): RangeError {
  return new RangeError(`Cannot compose a message: its ${field} is not fit for mail`)
}
