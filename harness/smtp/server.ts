/**
 * The SMTP server: smtp-server with its waits taken out, every handler tied to
 * the mailbox, the faults and the transcripts.
 */
import type { Socket } from 'node:net'
import { createSecureContext, type TLSSocket } from 'node:tls'
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerAuthentication,
  type SMTPServerAuthenticationResponse,
  type SMTPServerDataStream,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server'
import type { SMTPConnectionOptions, TLSError } from 'smtp-server/lib/smtp-connection.js'
import type { BadCertificate, Certificates, KeyPair } from '../certificates.ts'
import type { Fault } from '../faults/fault.ts'
import type { Engine } from './engine.ts'
import { collect } from './collect.ts'
import { Session } from './session.ts'
import { SmtpReply } from './smtp-reply.ts'
import { transcribe } from './transcribe.ts'

/** Bounds of one SMTP server. */
export interface SmtpLimits {
  /** Largest message taken, in bytes; announced by SIZE (RFC 1870). */
  messageBytes: number
  /** Messages being received, together, in bytes. */
  bytesInFlight: number
  /** Connections at once; one more, and the oldest is closed. */
  connections: number
  /** Milliseconds without a byte from the client. */
  idleTime: number
  /** Milliseconds from connecting to closing, whatever the client sends. */
  sessionTime: number
}

export interface SmtpPolicy {
  starttls: boolean | 'required'
  auth: 'optional' | 'required' | 'off'
}

export interface SmtpServerSetup {
  engine: Engine
  certificates: Certificates
  limits: SmtpLimits
  policy: SmtpPolicy
  /** TLS from the first byte. */
  secure: boolean
  /** Everything that comes in here belongs to this inbox. */
  owner?: string
}

type Upgraded = (error: TLSError | null, tlsSocket?: TLSSocket) => void

export class SmtpServer extends SMTPServer {
  readonly engine: Engine
  readonly limits: SmtpLimits
  readonly policy: SmtpPolicy
  readonly secure: boolean
  readonly #certificates: Certificates
  readonly #owner: string | undefined
  readonly #sessions = new Map<string, Session>()
  readonly #wires = new WeakMap<Socket, Socket>()
  #inFlight = 0
  #stopping = false

  constructor(setup: SmtpServerSetup) {
    super(stockOptions(setup))
    this.engine = setup.engine
    this.limits = setup.limits
    this.policy = setup.policy
    this.secure = setup.secure
    this.#certificates = setup.certificates
    this.#owner = setup.owner
    this.logger = transcribe((id) => this.#sessions.get(id)?.transcript)
    this.on('error', (error) => this.#report(error))
  }

  /** Listens, or throws what the system says: EADDRINUSE, EACCES. */
  async open(port: number, host: string): Promise<{ host: string; port: number }> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject)
      this.listen(port, host, () => {
        this.server.off('error', reject)
        resolve()
      })
    })
    const address = this.server.address()
    if (address === null || typeof address === 'string') throw new Error('Not a TCP listener')
    return { host, port: address.port }
  }

  /** Stops at once: connections are destroyed, not waited for. */
  async stop() {
    this.#stopping = true
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve())
      for (const socket of this._pendingSockets.values()) socket.destroy()
      for (const session of this.#sessions.values()) session.destroy()
    })
  }

  override connect(socket: Socket, options?: SMTPConnectionOptions | null) {
    if (this.#stopping) {
      socket.destroy()
      return
    }
    const wire = this.#wires.get(socket) ?? socket
    const session = new Session(this, socket, wire, options ?? undefined)
    this.#sessions.set(session.id, session)
    this.engine.opened(session.transcript)
    this.connections.add(session)
    session.on('error', (error: Error) => this.#sessionFailed(session, error))
    this.#makeRoom()
    session.init()
  }

  ended(session: Session) {
    this.#sessions.delete(session.id)
    session.transcript.endedAt = new Date()
    session.transcript.add('harness', 'closed')
    this.engine.closed(session.transcript)
  }

  ownersOf(user: string | undefined, recipients: readonly string[]) {
    const owners = this.engine.ownersOf(user, recipients)
    if (this.#owner !== undefined) owners.add(this.#owner)
    return owners
  }

  badCertificate(kind: BadCertificate): KeyPair {
    return this.#certificates.bad[kind]
  }

  override _upgrade(socket: Socket, callback: Upgraded) {
    const fault = this.engine.faults.take({
      stage: 'connect',
      owners: this.ownersOf(undefined, []),
      client: socket.remoteAddress ?? '',
    })
    if (fault === undefined) this.#upgradeTo(this, socket, callback)
    else this.#strikeBeforeTls(fault, socket, callback)
  }

  /** Nothing can be said before TLS, so a reply is a closed connection here. */
  #strikeBeforeTls(fault: Fault, socket: Socket, callback: Upgraded) {
    const { certificate, delay, drop, hang } = fault.options
    if (hang === true) return
    if (drop === 'reset') socket.resetAndDestroy()
    else if (drop === true || fault.reply !== undefined) socket.destroy()
    else {
      const server =
        certificate === undefined ? this : withCertificate(this, this.badCertificate(certificate))
      setTimeout(() => this.#upgradeTo(server, socket, callback), delay ?? 0)
    }
  }

  #upgradeTo(server: SMTPServer, socket: Socket, callback: Upgraded) {
    super._upgrade.call(server, socket, (error, tlsSocket) => {
      if (tlsSocket !== undefined) this.#wires.set(tlsSocket, socket)
      callback(error, tlsSocket)
    })
  }

  override onAuth(
    auth: SMTPServerAuthentication,
    { id }: SMTPServerSession,
    callback: (error: Error | null, response?: SMTPServerAuthenticationResponse) => void,
  ) {
    const user = auth.username ?? ''
    const session = this.#session(id)
    const proceed = () => {
      if (!this.engine.authenticate(user, auth)) {
        callback(new SmtpReply(535, '5.7.8 Authentication credentials invalid'))
        return
      }
      session.authenticated({ user, method: auth.method })
      callback(null, { user })
    }
    const refuse = (code: number, text: string) => callback(new SmtpReply(code, text))
    session.meet('auth', proceed, refuse, () => ({ owners: this.ownersOf(user, []) }))
  }

  override onMailFrom(
    { address }: SMTPServerAddress,
    { id }: SMTPServerSession,
    callback: (error?: Error | null) => void,
  ) {
    const refuse = (code: number, text: string) => callback(new SmtpReply(code, text))
    this.#session(id).meet(
      'mail',
      () => callback(),
      refuse,
      () => ({ from: address }),
    )
  }

  override onRcptTo(
    { address }: SMTPServerAddress,
    { id }: SMTPServerSession,
    callback: (error?: Error | null) => void,
  ) {
    const session = this.#session(id)
    const proceed = () => {
      session.addressed(address)
      callback()
    }
    const refuse = (code: number, text: string) => callback(new SmtpReply(code, text))
    session.meet('rcpt', proceed, refuse, () => ({
      to: [address],
      owners: this.ownersOf(session.user, [address]),
    }))
  }

  override onData(
    stream: SMTPServerDataStream,
    { id }: SMTPServerSession,
    callback: (error?: Error | null) => void,
  ) {
    const session = this.#session(id)
    const room = { take: (bytes: number) => this.#takeRoom(bytes) }
    collect(stream, this.limits.messageBytes, room, (outcome) => {
      this.#inFlight -= outcome.bytes
      if (outcome.kind === 'whole') this.#judge(session, outcome.raw, callback)
      else this.#refuseData(session, outcome, callback)
    })
  }

  #judge(session: Session, raw: Buffer, callback: (error?: Error | null) => void) {
    const delivery = session.delivery()
    const refuse = (code: number, text: string) => callback(new SmtpReply(code, text))
    session.whenAccepted((fault) =>
      this.engine.accept(raw, delivery, { owner: this.#owner, bounce: fault?.options.bounce }),
    )
    session.meet(
      'after-data',
      () => callback(),
      refuse,
      () => ({ to: delivery.envelope.to }),
    )
  }

  #refuseData(
    session: Session,
    outcome: { kind: 'too-big' | 'no-room' | 'vanished'; bytes: number },
    callback: (error?: Error | null) => void,
  ) {
    this.engine.dropped(session.transcript, droppedBecause[outcome.kind])
    if (outcome.kind === 'vanished') return
    const reply =
      outcome.kind === 'too-big'
        ? new SmtpReply(552, '5.3.4 Message too big for system')
        : new SmtpReply(452, '4.3.1 Insufficient system storage')
    callback(reply)
  }

  #takeRoom(bytes: number) {
    if (this.#inFlight + bytes > this.limits.bytesInFlight) return false
    this.#inFlight += bytes
    return true
  }

  #makeRoom() {
    if (this.#sessions.size <= this.limits.connections) return
    const [oldest] = this.#sessions.values()
    if (oldest === undefined) return
    this.engine.dropped(oldest.transcript, 'too many connections, the oldest was closed')
    oldest.send(421, 'Too many connections, closing the oldest')
    oldest.destroy()
  }

  /** A connection that breaks off is in its transcript; only what TLS refuses needs a person's eye. */
  #sessionFailed({ transcript }: Session, error: Error) {
    transcript.add('harness', error.message)
    if (/\b(ssl|tls|alert)\b/i.test(error.message)) this.engine.troubled(error)
  }

  #session(id: string) {
    const session = this.#sessions.get(id)
    if (session === undefined) throw new Error(`No such SMTP session: ${id}`)
    return session
  }

  /** A handshake that fails here leaves no session behind to write into; what keeps us from listening is thrown by `open`. */
  #report(error: Error) {
    if (this.server.listening) this.engine.troubled(error)
  }
}

const droppedBecause = {
  'too-big': 'message too big',
  'no-room': 'too many bytes being received at once',
  vanished: 'the client vanished in DATA',
} as const

function stockOptions({
  certificates,
  limits,
  policy,
  secure,
}: SmtpServerSetup): SMTPServerOptions {
  return {
    secure,
    key: certificates.key,
    cert: certificates.cert,
    minVersion: 'TLSv1.2',
    name: 'localhost',
    banner: 'Mail harness: everything is caught, nothing is sent on',
    size: limits.messageBytes,
    socketTimeout: limits.idleTime,
    disableReverseLookup: true,
    disabledCommands: [
      ...(policy.starttls === false || secure ? ['STARTTLS'] : []),
      ...(policy.auth === 'off' ? ['AUTH'] : []),
    ],
    authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],
    authOptional: policy.auth !== 'required',
    allowInsecureAuth: true,
    hideENHANCEDSTATUSCODES: false,
    hideDSN: false,
    logger: false,
  }
}

function withCertificate(server: SMTPServer, pair: KeyPair): SMTPServer {
  return Object.create(server, {
    secureContext: { value: new Map([['*', createSecureContext(pair)]]) },
  })
}
