/**
 * A parsed message, read-only, everything in memory: what a test asks of a mail.
 * Nothing here ever fetches anything.
 */
import PostalMime, { type Email } from 'postal-mime'
import type { AuthFacts, Captured, Envelope, TlsFacts } from '../mailbox/captured.ts'
import { flatten, type Address } from './address.ts'
import { attachmentsOf, type Attachment } from './attachment.ts'
import { findCode, findCodes } from './codes.ts'
import { chooseLink, findLinks, type Link } from './links.ts'

/** One header field, in the order and case it was sent. */
export interface Header {
  name: string
  value: string
}

export class Message {
  readonly id: string
  readonly sequence: number
  readonly raw: Buffer
  readonly receivedAt: Date
  readonly envelope: Envelope
  /** What TLS agreed on, or false for a connection in the clear. */
  readonly tls: TlsFacts | false
  /** Who logged in, or false. */
  readonly auth: AuthFacts | false
  /** What the client called itself in EHLO. */
  readonly hello: string
  /** Id of the SMTP session it came by; see `MailServer.transcripts`. */
  readonly session: string
  readonly subject: string
  /** The text part, empty when there is none. */
  readonly text: string
  /** The HTML part, empty when there is none. */
  readonly html: string
  readonly from: Address
  readonly to: Address[]
  readonly cc: Address[]
  /** Recipients that a `Bcc:` field names: a leak, when one ever gets here. */
  readonly bcc: Address[]
  readonly replyTo: Address[]
  /** The `Date:` field; undefined when it is missing or no date. */
  readonly date: Date | undefined
  /** With its angle brackets, as it stands in the field; empty when there is none. */
  readonly messageId: string
  readonly headers: Header[]
  readonly attachments: Attachment[]
  /** Why it could not be parsed; empty when it could. */
  readonly problem: string
  #links: Link[] | undefined

  private constructor(captured: Captured, email: Email, problem = '') {
    this.problem = problem
    const { delivery } = captured
    this.id = captured.id
    this.sequence = captured.sequence
    this.raw = captured.raw
    this.receivedAt = captured.receivedAt
    this.envelope = delivery.envelope
    this.tls = delivery.tls
    this.auth = delivery.auth
    this.hello = delivery.hello
    this.session = delivery.session
    this.subject = email.subject ?? ''
    this.text = email.text ?? ''
    this.html = email.html ?? ''
    this.from = flatten(email.from)[0] ?? { name: '', address: '' }
    this.to = flatten(email.to)
    this.cc = flatten(email.cc)
    this.bcc = flatten(email.bcc)
    this.replyTo = flatten(email.replyTo)
    this.date = dateOf(email.date)
    this.messageId = email.messageId ?? ''
    this.headers = email.headers.map(({ originalKey, value }) => ({ name: originalKey, value }))
    this.attachments = attachmentsOf(email)
  }

  /** What cannot be parsed is a message all the same: its bytes as text, and `problem` says why. */
  static async parse(captured: Captured): Promise<Message> {
    try {
      return new Message(captured, await PostalMime.parse(captured.raw))
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      return new Message(captured, unparsed(captured.raw), problem)
    }
  }

  /** The first header field of this name, unfolded; undefined when there is none. */
  header(name: string): string | undefined {
    const wanted = name.toLowerCase()
    return this.headers.find((header) => header.name.toLowerCase() === wanted)?.value
  }

  /** Every link of the HTML part, then those only the text part has, in order. */
  get links(): Link[] {
    this.#links ??= findLinks(this)
    return this.#links
  }

  /**
   * The address behind one link: the only one, the one whose text is or whose
   * address contains `wanted`, or that the pattern fits.
   *
   * Throws `LinkError`, which lists every link there is, when none fits or when
   * several with different addresses do.
   *
   * @example
   * const url = message.link('/reset_password/')
   * const same = message.link('Choose a new password')
   */
  link(wanted?: string | RegExp): string {
    return chooseLink(this, wanted)
  }

  /**
   * The one-time code that a person would read out: digits, or letters and digits,
   * of the visible text, the likeliest by the words around it.
   *
   * Throws `CodeError` when there is none or when two are as likely.
   *
   * @example
   * const code = message.code() // '482913'
   */
  code(pattern?: RegExp): string {
    return findCode(this, pattern)
  }

  /** Every code, likeliest first. */
  get codes(): string[] {
    return findCodes(this).map(({ code }) => code)
  }
}

function unparsed(raw: Buffer): Email {
  return { headers: [], headerLines: [], attachments: [], text: raw.toString('latin1') }
}

function dateOf(value: string | undefined) {
  const time = value === undefined ? NaN : Date.parse(value)
  return Number.isNaN(time) ? undefined : new Date(time)
}
