/**
 * The harness itself: SMTP in front, a bounded mailbox behind, inboxes, faults
 * and the inbox page beside it. One `start`, one `stop`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCertificates, writeTemporaryCertificates, type Certificates } from './certificates.ts'
import { bounceDelivery, composeBounce, type BounceOptions } from './faults/bounce.ts'
import { FaultBook } from './faults/fault-book.ts'
import type { Fault, FaultOptions } from './faults/fault.ts'
import { openHttp, type HttpServer } from './http/server.ts'
import { Inbox, type InboxHost } from './inbox/inbox.ts'
import { Inboxes } from './inbox/inboxes.ts'
import { Mailbox, type MailboxEvent } from './mailbox/mailbox.ts'
import type { Captured, Delivery } from './mailbox/captured.ts'
import type { Message } from './message/message.ts'
import { defaultLimits, type Limits, type MailServerOptions } from './options.ts'
import type { Engine, Fate } from './smtp/engine.ts'
import { type PasswordProof, proves } from './smtp/password-proof.ts'
import { SmtpServer } from './smtp/server.ts'
import { explain } from './smtp/tls-trouble.ts'
import type { Transcript } from './smtp/transcript.ts'

/**
 * Starts a mail server that catches everything, ready when the promise resolves.
 *
 * Throws what the system says when a port is taken (EADDRINUSE), and
 * `CertificateError` when the folder of certificates cannot be used.
 *
 * @example
 * await using mail = await startMailServer()
 * const inbox = mail.inbox()
 * await sendResetMail({ to: inbox.address, port: mail.smtp.port })
 * const url = (await inbox.next({ subject: /reset/i })).link('/reset_password/')
 */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const server = await makeServer(options)
  try {
    await server.listen()
  } catch (error) {
    await server.stop()
    throw error
  }
  return server
}

async function makeServer(options: MailServerOptions): Promise<MailServer> {
  const { certificates: kept, hosts = [] } = options
  if (kept !== undefined) return new MailServer(options, await loadCertificates(kept, { hosts }))
  const folder = await mkdtemp(join(tmpdir(), 'mail-harness-'))
  return new MailServer(options, await writeTemporaryCertificates(folder, hosts), folder)
}

export interface Endpoint {
  host: string
  port: number
}

export class MailServer {
  readonly host: string
  /** Where SMTP listens: in the clear, STARTTLS offered. */
  smtp: Endpoint = { host: '', port: 0 }
  /** Where SMTP with TLS from the first byte listens; undefined when it is off. */
  smtps: Endpoint | undefined
  /** The inbox page and the HTTP API; empty when it is off. */
  url = ''
  readonly certificates: Certificates
  readonly mailbox: Mailbox
  readonly faults = new FaultBook()
  readonly limits: Limits
  readonly options: MailServerOptions
  /** What was lost, and why, newest last. */
  readonly dropped: string[] = []
  /** What no inbox was asked for. */
  readonly unclaimed: Inbox
  readonly startedAt = new Date()
  readonly counts = { accepted: 0, acceptedBytes: 0, refused: 0, deleted: 0 }
  readonly #inboxes: Inboxes
  readonly #transcripts = new Map<string, Transcript>()
  readonly #smtpServers = new Set<SmtpServer>()
  readonly #temporary: string | undefined
  #http: HttpServer | undefined
  #stopped: Promise<void> | undefined

  constructor(options: MailServerOptions, certificates: Certificates, temporary?: string) {
    this.options = options
    this.host = options.host ?? '127.0.0.1'
    this.certificates = certificates
    this.#temporary = temporary
    this.limits = { ...defaultLimits, ...options.limits }
    this.mailbox = new Mailbox(this.limits)
    this.#inboxes = new Inboxes(this.#inboxHost, options.domain ?? 'example.test')
    this.unclaimed = new Inbox('unclaimed', this.#inboxHost)
    this.mailbox.subscribe((event) => this.#forget(event))
  }

  /** The authority to trust, as NODE_EXTRA_CA_CERTS or `--cacert` wants it. */
  get caFile() {
    return this.certificates.caFile
  }

  async listen() {
    const { smtpPort = 0, smtpsPort = 0, inboxPort = 0 } = this.options
    this.smtp = await this.#openSmtp(smtpPort, { secure: false })
    if (smtpsPort !== false) this.smtps = await this.#openSmtp(smtpsPort, { secure: true })
    if (inboxPort === false) return
    this.#http = await openHttp(this, inboxPort)
    this.url = this.#http.url
  }

  /**
   * An inbox: of this address, of this name at the harness's domain, or a fresh
   * one with an address nobody else has. Asked twice, it is the same inbox. What
   * came for it before is in it; nothing came for a fresh one.
   *
   * @example
   * const fresh = mail.inbox()
   * const ada = mail.inbox('ada@example.com')
   */
  inbox(name?: string): Inbox {
    const { inbox, fresh } = this.#inboxes.open(name)
    if (fresh && name !== undefined) this.#catchUp(inbox)
    return inbox
  }

  /** An inbox of everything that is kept and that comes, for whomever, until it is closed. */
  everything(): { inbox: Inbox; close: () => void } {
    const inbox = new Inbox('every inbox', this.#inboxHost)
    for (const captured of this.mailbox.all) inbox.deliver(captured)
    const close = this.mailbox.subscribe((event) => {
      if (event.kind === 'new') inbox.deliver(event.captured)
    })
    return { inbox, close }
  }

  /** Every inbox that was asked for. */
  get inboxes(): Inbox[] {
    return this.#inboxes.all
  }

  /** Every message that is kept, oldest first. */
  messages(): Promise<Message[]> {
    return Promise.all(this.mailbox.all.map((captured) => captured.parse()))
  }

  /**
   * Stages a fault for everybody; `inbox.fail()` stages one for one test.
   *
   * @example
   * using fault = mail.fail({ at: 'rcpt', to: /@example\.com$/, code: 451, times: 2 })
   */
  fail(options: FaultOptions): Fault {
    return this.faults.stage(options)
  }

  /**
   * Sends the notification that `message` was not delivered to its envelope sender
   * (RFC 3464). Throws `RangeError` when the message is no longer kept.
   *
   * @example
   * mail.bounce(message, { status: '5.2.2', diagnostic: '552 5.2.2 Mailbox full' })
   */
  bounce(message: Pick<Message, 'id'>, options: BounceOptions = {}): void {
    const captured = this.mailbox.get(message.id)
    if (captured === undefined) throw new RangeError(`No such message: ${message.id}`)
    this.#sendBounce(captured, options)
  }

  /** Takes a message as if it had come by SMTP. */
  accept(raw: Buffer, delivery: Delivery, { owner, bounce }: Fate = {}): Captured {
    const captured = this.mailbox.add(raw, delivery)
    this.counts.accepted += 1
    this.counts.acceptedBytes += raw.length
    this.#deliver(captured, owner)
    if (bounce !== undefined) this.#sendBounce(captured, bounce)
    return captured
  }

  /** What was said in every SMTP session that is remembered, oldest first. */
  get transcripts(): Transcript[] {
    return [...this.#transcripts.values()]
  }

  transcript(session: string): Transcript | undefined {
    return this.#transcripts.get(session)
  }

  /** Stops everything at once and removes what was temporary. Safe to call twice. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  [Symbol.asyncDispose]() {
    return this.stop()
  }

  async #stop() {
    await Promise.all([...this.#smtpServers].map((server) => server.stop()))
    await this.#http?.stop()
    if (this.#temporary !== undefined) await rm(this.#temporary, { recursive: true, force: true })
  }

  async #openSmtp(port: number, { secure, owner }: { secure: boolean; owner?: string }) {
    const { certificates, limits, options } = this
    const policy = { starttls: options.starttls ?? true, auth: options.auth ?? 'optional' }
    const setup = { engine: this.#engine, certificates, limits, policy, secure }
    const server = new SmtpServer(owner === undefined ? setup : { ...setup, owner })
    this.#smtpServers.add(server)
    return server.open(port, this.host)
  }

  #deliver(captured: Captured, owner: string | undefined) {
    const inboxes = this.#ownersOf(captured.delivery)
    if (owner !== undefined) inboxes.add(this.#inboxes.open(owner).inbox)
    for (const inbox of inboxes) inbox.deliver(captured)
    if (inboxes.size === 0) this.unclaimed.deliver(captured)
  }

  /** What the mailbox no longer keeps, no inbox keeps either. */
  #forget(event: MailboxEvent) {
    if (event.kind === 'prune') this.#drop('the mailbox is full, the oldest message was removed')
    if (event.kind === 'truncate') {
      for (const inbox of [...this.#inboxes.all, this.unclaimed]) inbox.forget()
    } else if (event.kind === 'delete' || event.kind === 'prune') {
      const inboxes = [...this.#ownersOf(event.captured.delivery), this.unclaimed]
      for (const inbox of inboxes) inbox.forget(event.captured)
    }
  }

  #sendBounce(captured: Captured, options: BounceOptions) {
    this.accept(composeBounce(captured, options), bounceDelivery(captured))
  }

  #catchUp(inbox: Inbox) {
    for (const captured of this.mailbox.all) {
      if (this.#owns(inbox, captured.delivery)) inbox.deliver(captured)
    }
  }

  #authenticate(user: string, auth: PasswordProof) {
    const password = this.#inboxes.forUser(user)?.credentials.pass ?? this.options.users?.[user]
    if (password !== undefined) return proves(auth, password)
    return this.options.users === undefined && this.options.auth !== 'required'
  }

  #drop(reason: string) {
    this.dropped.push(`${new Date().toISOString()} ${reason}`)
    if (this.dropped.length > this.limits.transcripts) this.dropped.shift()
    this.options.onDropped?.(reason)
  }

  readonly #engine: Engine = {
    faults: this.faults,
    authenticate: (user, auth) => this.#authenticate(user, auth),
    ownersOf: (user, recipients) => {
      const owners = this.#inboxes.owners(user, recipients)
      return new Set(Array.from(owners, ({ address }) => address))
    },
    accept: (raw, delivery, fate) => void this.accept(raw, delivery, fate),
    opened: (transcript) => this.#remember(transcript),
    closed: ({ refusals }) => {
      this.counts.refused += refusals.length
    },
    dropped: (transcript, reason) => {
      transcript.add('harness', reason)
      this.#drop(`${reason} (SMTP session ${transcript.id})`)
    },
    troubled: (error) => this.#drop(explain(error)),
  }

  readonly #inboxHost: InboxHost = {
    stage: (options, owner) => this.faults.stage(options, owner),
    clearFaults: (owner) => this.faults.clear(owner),
    evidence: (inbox) => this.#evidence(inbox),
    openDoor: ({ address }) => this.#openSmtp(0, { secure: false, owner: address }),
  }

  async #evidence(inbox: Inbox) {
    const since = this.transcripts.filter(({ startedAt }) => startedAt >= inbox.openedAt)
    const staged = this.faults.all.filter(({ owner, hits }) => hits === 0 && concerns(owner, inbox))
    return {
      elsewhere: await this.#elsewhere(inbox),
      refused: since.flatMap(({ refusals }) => refusals),
      unmet: staged.map(String),
      dropped: this.dropped,
      url: this.url,
    }
  }

  async #elsewhere(inbox: Inbox) {
    const others = this.mailbox.all.filter(
      ({ delivery, receivedAt }) => receivedAt >= inbox.openedAt && !this.#owns(inbox, delivery),
    )
    const messages = await Promise.all(others.slice(-10).map((captured) => captured.parse()))
    return messages.map(({ subject, envelope }) => `"${subject}" to ${envelope.to.join(', ')}`)
  }

  #owns(inbox: Inbox, delivery: Delivery) {
    return this.#ownersOf(delivery).has(inbox)
  }

  #ownersOf({ auth, envelope }: Delivery) {
    return this.#inboxes.owners(auth === false ? undefined : auth.user, envelope.to)
  }

  #remember(transcript: Transcript) {
    this.#transcripts.set(transcript.id, transcript)
    const [oldest] = this.#transcripts.keys()
    if (this.#transcripts.size > this.limits.transcripts && oldest !== undefined) {
      this.#transcripts.delete(oldest)
    }
  }
}

function concerns(owner: string | undefined, inbox: Inbox) {
  return owner === undefined || owner === inbox.address
}
