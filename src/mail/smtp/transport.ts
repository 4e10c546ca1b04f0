/**
 * Delivers messages by SMTP. worker-mailer carries the dialogue; what it must
 * not do, and what it does not do, is seen to by the dialogue on its
 * guarded socket. One connection serves a batch: sockets cannot be kept between
 * the requests of a Worker, which may open six at once.
 */
import { LogLevel, WorkerMailer, type WorkerMailerOptions } from 'worker-mailer'
import { isLoopback } from '../../config.ts'
import {
  domainOf,
  needsSmtpUtf8,
  secretsOf,
  toMail,
  type Message,
  type Sender,
} from '../message.ts'
import { DEADLINES, startDeadline, type Deadline, type Deadlines } from './deadlines.ts'
import { Dialogue } from './dialogue.ts'
import { withDialogue } from './guarded-socket.ts'
import type { Reply } from './reply.ts'
import { runtimeConnect } from './runtime-connect.ts'
import { SmtpError, type Stage } from './smtp-error.ts'
import type { Connect } from './socket.ts'

export interface SmtpSettings {
  /** On Cloudflare's edge a name, not an address: STARTTLS sends no SNI there (workerd#6903). */
  readonly host: string
  /** Not 25 on Cloudflare's edge, which blocks it outbound. */
  readonly port: number
  /** `implicit`: TLS from the first byte. `starttls`: STARTTLS or nothing. `none`: loopback hosts only. */
  readonly tls: 'implicit' | 'starttls' | 'none'
  readonly username?: string
  readonly password?: string
  /** Its domain is the name by which we greet: RFC 5321 §4.1.1.1 wants one, and a Worker has no other. */
  readonly sender: Sender
}

export interface TransportOptions {
  /** Where sockets come from; the runtime's own `cloudflare:sockets` when left out. */
  readonly connect?: Connect
  readonly deadlines?: Partial<Deadlines>
  /** Told every reply of the server, secrets taken out, with its stage. */
  readonly observe?: (stage: Stage, reply: Reply) => void
}

export interface Transport {
  /** Opens a connection that is ready for mail: TLS and AUTH are done. Throws an `SmtpError`. */
  connect(): Promise<Connection>
}

export interface Connection {
  /**
   * Delivers one message; resolves to the reply by which the server took it
   * over. Throws an `SmtpError`. A message that was refused leaves the
   * connection usable for the next one.
   */
  deliver(message: Message): Promise<Reply>
  /** False once the dialogue broke, the server said 421, or the time for it is over. A goodbye of ours changes nothing, whatever is said to it. */
  readonly usable: boolean
  /** Says goodbye, within a second. Never throws. */
  close(): Promise<void>
}

/**
 * A transport to one mail server. Throws a `RangeError` for settings that
 * would send mail in clear over a network.
 *
 * @example
 * const transport = createSmtpTransport({ host: 'mail.example.com', port: 587, tls: 'starttls', sender })
 * const connection = await transport.connect()
 * const { text } = await connection.deliver(message) // 'Ok: queued as 4bXy1z'
 * await connection.close()
 */
export function createSmtpTransport(
  settings: SmtpSettings,
  options: TransportOptions = {},
): Transport {
  if (settings.tls === 'none' && !isLoopback(settings.host)) {
    throw new RangeError(
      `Cannot send mail to ${settings.host} without TLS: only loopback hosts may`,
    )
  }
  return { connect: () => openConnection(settings, options) }
}

async function openConnection(
  settings: SmtpSettings,
  options: TransportOptions,
): Promise<Connection> {
  const deadlines = { ...DEADLINES, ...options.deadlines }
  const dialogue = createDialogue(settings, options, options.connect ?? (await runtimeConnect()))
  const wholeDialogue = startDeadline(dialogue, deadlines.dialogue)
  const opening = startDeadline(dialogue, deadlines.opening)
  try {
    const mailer = await openMailer(dialogue, mailerOptions(settings, deadlines))
    return new SmtpConnection(mailer, { dialogue, deadlines, wholeDialogue })
  } catch (cause) {
    wholeDialogue.clear()
    throw giveUp(dialogue, cause)
  } finally {
    opening.clear()
  }
}

function createDialogue(
  settings: SmtpSettings,
  { observe }: TransportOptions,
  connect: Connect,
): Dialogue {
  return new Dialogue({
    connect,
    tls: settings.tls,
    helo: domainOf(settings.sender),
    logsIn: settings.username !== undefined,
    secrets: loginSecrets(settings),
    observe,
  })
}

function openMailer(dialogue: Dialogue, options: WorkerMailerOptions): Promise<WorkerMailer> {
  const opening = withDialogue(dialogue, () => WorkerMailer.connect(options))
  return Promise.race([opening, dialogue.broken])
}

function giveUp(dialogue: Dialogue, cause: unknown): SmtpError {
  const error = dialogue.errorFor(cause)
  dialogue.end()
  return error
}

interface ConnectionParts {
  dialogue: Dialogue
  deadlines: Deadlines
  wholeDialogue: Deadline
}

class SmtpConnection implements Connection {
  #mailer: WorkerMailer
  #parts: ConnectionParts
  #previous: Promise<unknown> = Promise.resolve()
  #wasUsable: boolean | undefined

  constructor(mailer: WorkerMailer, parts: ConnectionParts) {
    this.#mailer = mailer
    this.#parts = parts
  }

  get usable(): boolean {
    return this.#wasUsable ?? this.#parts.dialogue.isUsable
  }

  deliver(message: Message): Promise<Reply> {
    const delivery = this.#previous.then(() => this.#deliverNext(message))
    this.#previous = delivery.catch(() => {})
    return delivery
  }

  async close(): Promise<void> {
    const { dialogue, deadlines, wholeDialogue } = this.#parts
    this.#wasUsable ??= dialogue.isUsable
    const closing = startDeadline(dialogue, deadlines.closing)
    await Promise.race([this.#mailer.close(), dialogue.broken]).catch(() => {})
    closing.clear()
    wholeDialogue.clear()
    dialogue.end()
  }

  async #deliverNext(message: Message): Promise<Reply> {
    const { dialogue, deadlines } = this.#parts
    const smtputf8 = needsSmtpUtf8(message)
    dialogue.begin({ smtputf8, secrets: secretsOf(message) })
    if (smtputf8 && !dialogue.capabilities.smtputf8) throw unreadableAddress()
    const deadline = startDeadline(dialogue, deadlines.message)
    try {
      await Promise.race([this.#mailer.send(toMail(message)), dialogue.broken])
      return dialogue.acceptance
    } catch (cause) {
      await dialogue.resetOver()
      throw dialogue.errorFor(cause)
    } finally {
      deadline.clear()
    }
  }
}

function unreadableAddress(): SmtpError {
  const detail = 'the address has letters beyond ASCII, and the server does not offer SMTPUTF8'
  return new SmtpError('RCPT', 'unsupported', { detail })
}

function mailerOptions(
  { host, port, tls, username, password }: SmtpSettings,
  { dialogue }: Deadlines,
): WorkerMailerOptions {
  const credentials =
    username === undefined
      ? {}
      : { credentials: { username: binary(username), password: binary(password ?? '') } }
  return {
    host: isBareIpv6(host) ? `[${host}]` : host, // cloudflare:sockets wants it as URLs have it
    port,
    secure: tls === 'implicit',
    startTls: tls === 'starttls',
    ...credentials,
    authType: ['plain', 'login', 'cram-md5'],
    logLevel: LogLevel.NONE,
    dsn: { NOTIFY: { FAILURE: true } },
    socketTimeoutMs: dialogue + 1_000, // Ours come first, and say at which stage.
  }
}

function isBareIpv6(host: string): boolean {
  return host.includes(':') && !host.startsWith('[')
}

/** The password, and the lines in which AUTH carries it. */
function loginSecrets({ username = '', password }: SmtpSettings): string[] {
  if (password === undefined) return []
  const plain = btoa(binary(`\0${username}\0${password}`))
  return [password, btoa(binary(password)), plain]
}

/** UTF-8 octets as the characters that `btoa` takes: RFC 4616 §2 wants UTF-8, worker-mailer writes Latin-1. */
function binary(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text))
}
