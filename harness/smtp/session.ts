/**
 * One SMTP connection. On top of smtp-server's dialogue it greets at once, lets
 * staged faults strike, and hands a message on only when its 250 has left.
 */
import type { Socket } from 'node:net'
import { createSecureContext } from 'node:tls'
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js'
import type { Fault, Situation, Stage } from '../faults/fault.ts'
import type { AuthFacts, Delivery, TlsFacts } from '../mailbox/captured.ts'
import type { KeyPair } from '../certificates.ts'
import type { SmtpServer } from './server.ts'
import { Transcript } from './transcript.ts'
import { tlsFacts } from './tls-facts.ts'

type Done = () => void
type Refuse = (code: number, text: string) => void

export class Session extends SMTPConnection {
  readonly transcript: Transcript
  readonly #smtp: SmtpServer
  /** The socket below TLS: only that one can be reset. */
  readonly #wire: Socket
  readonly #timers = new Set<NodeJS.Timeout>()
  #hidden: ReadonlySet<string> = new Set()
  #accepted: ((fault?: Fault) => void) | undefined
  #passed: Fault | undefined
  #auth: AuthFacts | false = false
  #hello = ''
  #recipients: string[] = []

  constructor(smtp: SmtpServer, socket: Socket, wire: Socket, options?: SMTPConnectionOptions) {
    super(smtp, socket, options)
    this.#smtp = smtp
    this.#wire = wire
    this.transcript = new Transcript(this.id, `${this.remoteAddress}:${this.remotePort}`)
    this.#after(smtp.limits.sessionTime, () => this.send(421, 'Session took too long'))
  }

  /** Stock smtp-server waits 100 ms here, for clients that talk too soon. */
  override init() {
    this._setListeners(() => {
      if (this.secure) this.transcript.add('harness', `TLS ${this.#tls().protocol}`)
      if (this.secure) this.connectionReady()
      else this.meet('connect', () => this.connectionReady(), this.#turnAway)
    })
  }

  override _sendGreeting() {
    this.meet('banner', () => super._sendGreeting(), this.#turnAway)
  }

  override _onCommand(command: Buffer, callback?: Done) {
    const next = callback ?? (() => undefined)
    const isCalm = this.#smtp.engine.faults.isEmpty || this._upgrading || !this._ready
    const isCommand = !isCalm && this._nextHandler === false
    const stage = isCommand ? commandStage(command.toString()) : undefined
    if (stage === undefined) {
      super._onCommand(command, next)
      return
    }
    this.meet(
      stage,
      () => super._onCommand(command, next),
      (code, text) => this.#answer(code, text, next),
    )
  }

  override handler_EHLO(command: Buffer, callback: Done) {
    this.#hello = command.toString().trim().split(/\s+/)[1] ?? ''
    super.handler_EHLO(command, callback)
  }

  override handler_HELO(command: Buffer, callback: Done) {
    this.#hello = command.toString().trim().split(/\s+/)[1] ?? ''
    super.handler_HELO(command, callback)
  }

  override handler_MAIL(command: Buffer, callback: Done) {
    if (this.#smtp.policy.starttls === 'required' && !this.secure) {
      this.#answer(530, '5.7.0 Must issue a STARTTLS command first', callback)
      return
    }
    this.#recipients = []
    super.handler_MAIL(command, callback)
  }

  override send(code: number, data?: string | string[] | null, context?: string | false) {
    super.send(code, this.#trim(data), ownEnhancedCode(data) ? false : context)
    if (context === 'DATA_OK') this.#handOver()
  }

  override upgrade(callback: Done, secureCallback?: Done) {
    super.upgrade(callback, () => {
      this.#auth = false
      secureCallback?.()
    })
  }

  override _isDisabled(command: string) {
    return this.#hidden.has(command) || super._isDisabled(command)
  }

  override _onClose() {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    if (!this._closed) this.#smtp.ended(this)
    super._onClose()
  }

  /** Lets a staged fault strike, or goes on; `facts` are asked for only when one might. */
  meet(stage: Stage, proceed: Done, refuse: Refuse, facts?: () => Partial<Situation>) {
    const fault = this.#smtp.engine.faults.isEmpty
      ? undefined
      : this.#smtp.engine.faults.take({ ...this.#situation(stage), ...facts?.() })
    if (fault === undefined) {
      proceed()
      return
    }
    this.transcript.add('harness', `fault at ${fault.toString()}`)
    this.#after(fault.options.delay ?? 0, () => this.#strike(fault, proceed, refuse))
  }

  /** Who has logged in, by AUTH. */
  authenticated(facts: AuthFacts) {
    this.#auth = facts
  }

  /** The user that has logged in. */
  get user(): string | undefined {
    return this.#auth === false ? undefined : this.#auth.user
  }

  addressed(recipient: string) {
    this.#recipients.push(recipient)
  }

  /** Keeps what to do once the 250 that accepts the message has been written, told of a fault that let it pass. */
  whenAccepted(handOver: (fault?: Fault) => void) {
    this.#accepted = handOver
    this.#passed = undefined
  }

  /** Everything about this connection that goes with a message. */
  delivery(): Delivery {
    const { mailFrom, rcptTo } = this.session.envelope
    return {
      envelope: {
        from: mailFrom === false ? '' : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        parameters: parametersOf(mailFrom === false ? false : mailFrom.args),
      },
      tls: this.secure ? this.#tls() : false,
      auth: this.#auth,
      hello: this.#hello,
      session: this.id,
    }
  }

  /** Ends it at once, without a word. */
  destroy() {
    this._socket.destroy()
    this.#wire.destroy()
  }

  #situation(stage: Stage): Situation {
    const { mailFrom } = this.session.envelope ?? { mailFrom: false }
    const from = mailFrom === false ? {} : { from: mailFrom.address }
    const owners = this.#smtp.ownersOf(this.user, this.#recipients)
    return { stage, ...from, to: this.#recipients, owners, client: this.remoteAddress }
  }

  #strike(fault: Fault, proceed: Done, refuse: Refuse) {
    const { drop, hang, half, hide, certificate, keep } = fault.options
    this.#passed = fault
    if (keep === true) this.#takeAccepted()
    if (half !== undefined) this.#sendHalf(fault, half)
    else if (hang === true) return
    else if (drop === 'reset') this.#wire.resetAndDestroy()
    else if (drop === true) this.destroy()
    else if (fault.reply !== undefined) this.#refuse(fault.reply, refuse)
    else {
      if (hide !== undefined) this.#hidden = new Set(hide.map((word) => word.toUpperCase()))
      if (certificate === undefined) proceed()
      else this.#withCertificate(this.#smtp.badCertificate(certificate), proceed)
    }
  }

  #refuse({ code, text }: { code: number; text: string }, refuse: Refuse) {
    this.#accepted = undefined
    refuse(code, text)
  }

  #sendHalf(fault: Fault, then: 'drop' | 'hang') {
    const { code, text } = fault.reply ?? goodReply[fault.options.at]
    const whole = `${code} ${text}`
    const half = whole.slice(0, Math.ceil(whole.length / 2))
    this.transcript.add('server', `${half}…`)
    this._socket.write(half, () => {
      if (then === 'drop') this.destroy()
    })
  }

  /** smtp-server takes the TLS context from its server at the moment of the upgrade, so it gets another server for that moment. */
  #withCertificate(pair: KeyPair, proceed: Done) {
    const server = this._server
    this._server = Object.create(server, {
      secureContext: { value: new Map([['*', createSecureContext(pair)]]) },
    })
    proceed()
    this._server = server
  }

  readonly #turnAway: Refuse = (code, text) => {
    this.send(code, text, false)
    this.close()
  }

  #answer(code: number, text: string, next: Done) {
    this.send(code, text)
    next()
  }

  /** Most often the 250 has left by now; else an empty write comes back when it has. */
  #handOver() {
    if (this.#accepted === undefined) return
    const fault = this.#passed
    const handOver = this.#accepted
    this.#accepted = undefined
    if (this._socket.writableLength === 0) handOver(fault)
    else this._socket.write('', () => handOver(fault))
  }

  #takeAccepted() {
    const handOver = this.#accepted
    this.#accepted = undefined
    handOver?.()
  }

  #trim(data: string | string[] | null | undefined) {
    if (!Array.isArray(data) || this.#hidden.size === 0) return data
    return data.filter((line, index) => index === 0 || !this.#hidden.has(line.split(' ')[0] ?? ''))
  }

  #tls(): TlsFacts {
    return tlsFacts(this._socket, this.#smtp.secure ? 'implicit' : 'starttls')
  }

  #after(milliseconds: number, then: () => void) {
    if (milliseconds === 0) {
      then()
      return
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      if (!this._closed) then()
    }, milliseconds)
    timer.unref()
    this.#timers.add(timer)
  }
}

/** Stages that begin with a command; the others are met where its argument is understood. */
function commandStage(line: string): Stage | undefined {
  const verb = line.split(' ', 1)[0]?.toUpperCase()
  if (verb === 'EHLO' || verb === 'HELO') return 'ehlo'
  if (verb === 'STARTTLS') return 'starttls'
  if (verb === 'DATA') return 'data'
  return verb === 'QUIT' ? 'quit' : undefined
}

/** What each stage says when all is well, for cutting in half. */
const goodReply: Record<Stage, { code: number; text: string }> = {
  connect: { code: 220, text: 'localhost ESMTP' },
  banner: { code: 220, text: 'localhost ESMTP' },
  ehlo: { code: 250, text: 'localhost Nice to meet you' },
  starttls: { code: 220, text: 'Ready to start TLS' },
  auth: { code: 235, text: '2.7.0 Authentication successful' },
  mail: { code: 250, text: '2.1.0 Accepted' },
  rcpt: { code: 250, text: '2.1.5 Accepted' },
  data: { code: 354, text: 'End data with <CR><LF>.<CR><LF>' },
  'after-data': { code: 250, text: '2.0.0 OK: message queued' },
  quit: { code: 221, text: '2.0.0 Bye' },
}

function ownEnhancedCode(data: string | string[] | null | undefined) {
  return typeof data === 'string' && /^[245]\.\d{1,3}\.\d{1,3} /.test(data)
}

function parametersOf(args: Record<string, string | true> | false) {
  if (args === false) return {}
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => [key, value === true ? '' : value]),
  )
}
