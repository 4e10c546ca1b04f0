/**
 * One SMTP dialogue, watched from the wire: every byte that worker-mailer
 * writes passes `outgoing`, every reply that it reads passes `nextReply`. Here is
 * decided what may be said on which connection and what an error was; how
 * bytes move is the guarded socket's business.
 */
import {
  MECHANISMS,
  NO_CAPABILITIES,
  parseCapabilities,
  writeEhloReply,
  type Capabilities,
} from './capabilities.ts'
import { isOneLine, isSaidInClear, mendCommand, stageOf, verbOf } from './command.ts'
import { CommandGroup } from './command-group.ts'
import { createRedact } from '../../redact.ts'
import { reasonOf, tlsReasonOf } from './reason.ts'
import { redactReply } from './redact.ts'
import { ReplyBuffer, writeReply, type Reply } from './reply.ts'
import { refused, SmtpError, type Stage, type Trouble } from './smtp-error.ts'
import type { Connect } from './socket.ts'

export interface DialogueOptions {
  readonly connect: Connect
  readonly tls: 'implicit' | 'starttls' | 'none'
  /** What we call ourselves in EHLO. */
  readonly helo: string
  readonly logsIn: boolean
  /** What must not come back in an error. */
  readonly secrets: readonly string[]
  /** Told every reply, with the stage it belongs to. */
  readonly observe?: ((stage: Stage, reply: Reply) => void) | undefined
}

/** What the dialogue has to know about the message in hand. */
export interface Parcel {
  readonly smtputf8: boolean
  readonly secrets: readonly string[]
}

/** The first digit of the reply that lets a stage go on, beside refusals (RFC 5321 §4.3.2). */
const GOES_ON: Partial<Record<Stage, readonly number[]>> = { DATA: [3], AUTH: [2, 3] }
/** RFC 5321 §3.8: the server is about to close the connection. */
const CLOSING = 421
/** RFC 5321 §4.1.1.4: what comes next is the message. */
const START_MAIL_INPUT = 354
/** What worker-mailer hears of a command that goes out with a later one, whose reply then tells of both. */
const TAKEN_DOWN = writeReply({ code: 250, lines: ['to be sent'] })
/** RFC 4954 §4: what comes next is a line of the AUTH exchange, and no command. */
const CHALLENGE = 334

const NO_PARCEL: Parcel = { smtputf8: false, secrets: [] }

/** Serves one connection, from its greeting to its end; a `guarded-socket` carries it. */
export class Dialogue {
  readonly connect: Connect
  /** Rejects with an `SmtpError` when the dialogue breaks; never resolves. */
  readonly broken: Promise<never>
  #options: DialogueOptions
  #stage: Stage = 'connect'
  #isSecure: boolean
  #group = new CommandGroup()
  #replies = new ReplyBuffer()
  #capabilities = NO_CAPABILITIES
  #parcel = NO_PARCEL
  #redact: (text: string) => string
  #lastReply: Reply | undefined
  #refusal: SmtpError | undefined
  #failure: SmtpError | undefined
  #isClosing = false
  #isOver = false
  #break: (error: SmtpError) => void
  #reset = Promise.withResolvers<void>()

  constructor(options: DialogueOptions) {
    const { promise, reject } = Promise.withResolvers<never>()
    // Who waits hears of it by a race; when nobody waits, `failure` still tells.
    promise.catch(() => {})
    this.broken = promise
    this.#break = reject
    this.#options = options
    this.#redact = createRedact(options.secrets)
    this.connect = options.connect
    this.#isSecure = options.tls === 'implicit'
  }

  get capabilities(): Capabilities {
    return this.#capabilities
  }

  /** Whether another message can follow on this connection. */
  get isUsable(): boolean {
    return this.#failure === undefined && !this.#isClosing && this.#replies.isEmpty
  }

  /** A message begins: what was refused before is over. Throws an `SmtpError` when none can follow. */
  begin(parcel: Parcel): void {
    if (this.#isOver || this.#isClosing || this.#failure !== undefined) throw this.end()
    this.#stage = 'MAIL'
    this.#group.drop()
    if (!this.#replies.isEmpty) throw this.#unasked()
    this.#parcel = parcel
    this.#redact = createRedact([...this.#options.secrets, ...parcel.secrets])
    this.#refusal = undefined
    this.#reset = Promise.withResolvers()
  }

  /** Resolves when the server has answered the RSET that follows a refused message, or nothing more will come. */
  async resetOver(): Promise<void> {
    await Promise.race([this.#reset.promise, this.broken.catch(() => {})])
  }

  /** The socket is open. */
  opened(): void {
    this.#stage = 'greeting'
  }

  /** TLS is about to start: what came before it must not be read as if it had come within (CVE-2021-38371). */
  startTls(): void {
    if (!this.#replies.isEmpty) throw this.fail('malformed', 'a reply was injected before TLS')
    this.#stage = 'TLS'
    this.#isSecure = true
    this.#capabilities = NO_CAPABILITIES
  }

  /** Bytes from the server: if TLS had to come about for them, it has. */
  incoming(chunk: Uint8Array): void {
    if (this.#stage === 'TLS') this.#stage = 'EHLO'
    this.#replies.push(chunk)
  }

  /** The next whole reply as worker-mailer shall see it, of a group the last; null until more bytes have come. */
  nextReply(): string | null {
    if (this.#group.isHeld) return TAKEN_DOWN
    for (let raw = this.#takeReply(); raw !== null; raw = this.#takeReply()) {
      const seen = this.#readReply(raw)
      if (this.#group.next === null || this.#isClosing) return seen
      this.#stage = this.#group.next
    }
    return null
  }

  /** What to send in place of what worker-mailer wrote; nothing, when it can wait. Throws an `SmtpError` where it must not be sent. */
  outgoing(chunk: Uint8Array): Uint8Array {
    if (!this.#replies.isEmpty) throw this.#unasked()
    if (this.#stage === 'DATA' && this.#lastReply?.code === START_MAIL_INPUT)
      return this.#outgoingMessage(chunk)
    const line = new TextDecoder().decode(chunk)
    if (!isOneLine(line)) throw this.fail('insecure', 'a command must be one line')
    if (this.#stage === 'AUTH' && this.#lastReply?.code === CHALLENGE) return this.#allowed(chunk)
    return this.#outgoingCommand(line)
  }

  /** The connection did not come about. Runtimes do not tell a refused certificate from a refused connection. */
  unreachable(cause: unknown): SmtpError {
    const hint = this.#options.tls === 'implicit' ? ', or its certificate is not trusted' : ''
    return this.fail('unreachable', `${reasonOf(cause)}${hint}`, cause)
  }

  /** The server closed the connection, properly: TLS that fails ends in an error instead. */
  ended(): SmtpError {
    if (this.#stage === 'TLS') this.#stage = 'EHLO'
    return this.fail('closed', 'the server closed the connection')
  }

  /** The connection broke. */
  lost(cause: unknown): SmtpError {
    if (this.#stage !== 'TLS') return this.fail('closed', reasonOf(cause), cause)
    return this.fail('unreachable', tlsReasonOf(cause), cause)
  }

  /** Breaks the dialogue off, and returns the error to throw: the first one, when it broke before. */
  fail(trouble: Trouble, detail: string, cause?: unknown): SmtpError {
    this.#failure ??= new SmtpError(this.#stage, trouble, { detail, cause })
    this.#break(this.#failure)
    return this.#failure
  }

  /** Nothing more will be said: closes the socket. Returns the error for whoever tries. */
  end(): SmtpError {
    this.#isOver = true
    const error = new SmtpError(this.#stage, 'closed', { detail: 'the connection is over' })
    this.#break(error)
    return error
  }

  /** What went wrong, from what was seen on the wire. */
  errorFor(cause: unknown): SmtpError {
    if (this.#refusal !== undefined) return this.#refusal
    if (cause instanceof SmtpError) return cause
    return this.#failure ?? this.fail('malformed', 'the dialogue got stuck', cause)
  }

  /** The reply by which the server took the message over. */
  get acceptance(): Reply {
    if (this.#stage !== 'message' || this.#lastReply === undefined) {
      throw this.fail('malformed', 'the server did not take the message over')
    }
    return this.#lastReply
  }

  #readReply(raw: Reply): string {
    const reply = redactReply(raw, this.#redact)
    this.#lastReply = reply
    this.#options.observe?.(this.#stage, reply)
    this.#group.answered(reply)
    this.#judge(reply)
    if (this.#stage === 'EHLO' && reply.code < 300) return this.#readEhlo(raw)
    return writeReply(reply.code === CHALLENGE ? raw : reply)
  }

  #takeReply(): Reply | null {
    try {
      return this.#replies.take()
    } catch (cause) {
      throw this.fail('malformed', cause instanceof Error ? cause.message : 'not an SMTP reply')
    }
  }

  /** Replies may not come before their commands, but for the 421 of a server that goes down (RFC 5321 §3.8). */
  #unasked(): SmtpError {
    const reply = this.#takeReply()
    if (reply?.code !== CLOSING) return this.fail('malformed', 'a reply came before its command')
    this.#failure ??= refused(this.#stage, reply)
    this.#break(this.#failure)
    return this.#failure
  }

  #judge(reply: Reply): void {
    this.#isClosing ||= reply.code === CLOSING
    if (this.#stage === 'RSET') this.#judgeReset(reply)
    if (reply.code >= 400) this.#refusal ??= refused(this.#stage, reply)
    else this.#mustGoOn(reply)
    if (reply.code === START_MAIL_INPUT && this.#refusal !== undefined) throw this.#abandon()
  }

  /**
   * The server waits for a message that it has refused: whatever came now would be read
   * as that message (RFC 2920 §3.1). Without its end nothing is delivered (RFC 5321 §4.1.1.4).
   */
  #abandon(): SmtpError {
    return this.fail('malformed', 'the server wants a message that it has refused')
  }

  /** A server that cannot forget a message cannot take the next one. */
  #judgeReset({ code }: Reply): void {
    this.#isClosing ||= code >= 400
    this.#reset.resolve()
  }

  #mustGoOn({ code }: Reply): void {
    const goesOn = GOES_ON[this.#stage] ?? [2]
    if (goesOn.includes(Math.floor(code / 100))) return
    throw this.fail('malformed', `${code} is no answer to it`)
  }

  #readEhlo(reply: Reply): string {
    this.#capabilities = parseCapabilities(reply)
    if (this.#options.tls === 'starttls' && !this.#isSecure) return this.#offerStartTls()
    const { dsn } = this.#capabilities
    const keywords = [...(dsn ? ['DSN'] : []), ...this.#offerAuth()]
    return writeEhloReply(keywords)
  }

  #offerStartTls(): string {
    if (this.#capabilities.starttls) return writeEhloReply(['STARTTLS'])
    this.#stage = 'STARTTLS'
    throw this.fail('insecure', 'the server does not offer it')
  }

  #offerAuth(): string[] {
    if (!this.#options.logsIn) return []
    const { auth } = this.#capabilities
    const usable = MECHANISMS.filter((mechanism) => auth.includes(mechanism))
    if (usable.length > 0) return [`AUTH ${usable.join(' ')}`]
    this.#stage = 'AUTH'
    const offer = auth.length === 0 ? 'no AUTH' : `only AUTH ${auth.join(' ')}`
    throw this.fail(
      'unsupported',
      `the server offers ${offer}; ${MECHANISMS.join(' or ')} is needed`,
    )
  }

  #outgoingCommand(line: string): Uint8Array {
    const verb = verbOf(line)
    this.#enter(verb)
    if (!this.#isSecure && this.#options.tls !== 'none' && !isSaidInClear(verb)) {
      throw this.fail('insecure', 'the connection is not encrypted')
    }
    const { helo } = this.#options
    const mended = mendCommand(line, { helo, smtputf8: this.#parcel.smtputf8 })
    const sent = this.#group.send(this.#stage, mended, this.#capabilities)
    this.#stage = this.#group.next ?? this.#stage
    return this.#allowed(new TextEncoder().encode(sent))
  }

  #enter(verb: string): void {
    if (this.#stage !== 'TLS') this.#stage = stageOf(verb) ?? this.#stage
    if (verb === 'HELO') this.#refusal = undefined
  }

  #outgoingMessage(chunk: Uint8Array): Uint8Array {
    this.#stage = 'message'
    return this.#allowed(chunk)
  }

  #allowed(chunk: Uint8Array): Uint8Array {
    if (this.#failure !== undefined) throw this.#failure
    return chunk
  }
}
