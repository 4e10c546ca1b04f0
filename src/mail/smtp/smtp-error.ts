/**
 * The one error of the mail server next door: what failed, at which stage of
 * the dialogue, and what the server said. Made from what crossed the wire, not
 * from a library's sentences; never holds a credential, a link or an address
 * that the server did not name itself.
 */
import { formatReply, type Reply } from './reply.ts'

/** Where in the dialogue (RFC 5321 §3; STARTTLS: RFC 3207; AUTH: RFC 4954). `message` is what follows DATA. */
export type Stage =
  | 'connect'
  | 'greeting'
  | 'EHLO'
  | 'STARTTLS'
  | 'TLS'
  | 'AUTH'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | 'message'
  | 'RSET'
  | 'QUIT'

/**
 * What kind of trouble it was.
 *
 * - `refused`: the server answered 4yz or 5yz; `reply` is there
 * - `unreachable`: no connection, or TLS did not come about
 * - `closed`: the connection ended in the middle
 * - `silent`: a deadline passed
 * - `malformed`: what arrived is no SMTP, or came out of turn
 * - `insecure`: going on would have shown mail or a password to anyone on the way
 * - `unsupported`: the server lacks something this message or these settings need
 */
export type Trouble =
  | 'refused'
  | 'unreachable'
  | 'closed'
  | 'silent'
  | 'malformed'
  | 'insecure'
  | 'unsupported'

/** The stages at which a 5yz speaks of one message; earlier ones speak of our settings. */
const MESSAGE_STAGES: readonly Stage[] = ['MAIL', 'RCPT', 'DATA', 'message']
/** RFC 4954 §6 and RFC 3207 §4: 530 asks for AUTH or STARTTLS first, so it is about settings at any stage. */
const FIRST_AUTHENTICATE = 530

interface Details {
  detail: string
  reply?: Reply | undefined
  cause?: unknown
}

/**
 * A dialogue with the mail server that did not end in a delivery.
 *
 * @example
 * if (error instanceof SmtpError && error.permanent) log(error.summary) // RCPT refused: 550 5.1.1 no such user
 */
export class SmtpError extends Error {
  override readonly name = 'SmtpError'
  readonly stage: Stage
  readonly trouble: Trouble
  readonly reply: Reply | undefined
  /** The message without its first words, for rows and logs: `RCPT refused: 550 5.1.1 no such user`. */
  readonly summary: string

  constructor(stage: Stage, trouble: Trouble, { detail, reply, cause }: Details) {
    const summary = `${stage} ${trouble === 'refused' ? 'refused' : 'failed'}: ${detail}`
    super(`Cannot deliver: ${summary}`, cause === undefined ? {} : { cause })
    this.summary = summary
    this.stage = stage
    this.trouble = trouble
    this.reply = reply
  }

  /** The server's reply code, when it refused (RFC 5321 §4.2.1). */
  get code(): number | undefined {
    return this.reply?.code
  }

  /** The server's enhanced status code, such as `5.1.1` (RFC 3463 §2). */
  get enhanced(): string | undefined {
    return this.reply?.enhanced
  }

  /**
   * Whether to try this message again is pointless: the server refused it with
   * 5yz at MAIL or later, or it cannot be said to this server at all. A 5yz at
   * greeting, EHLO, STARTTLS or AUTH is about our settings: the message can
   * go out once they are mended, so it is transient.
   */
  get permanent(): boolean {
    if (!MESSAGE_STAGES.includes(this.stage)) return false
    if (this.trouble === 'unsupported') return true
    const code = this.code ?? 0
    return code >= 500 && code !== FIRST_AUTHENTICATE
  }
}

/** The error for a 4yz or 5yz reply. */
export function refused(stage: Stage, reply: Reply): SmtpError {
  return new SmtpError(stage, 'refused', { detail: formatReply(reply), reply })
}
