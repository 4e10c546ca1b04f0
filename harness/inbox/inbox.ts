/**
 * What one recipient received. Every inbox has an address, credentials and
 * faults of its own, so tests that run side by side never meet and nobody has
 * to clear anything.
 */
import { randomBytes } from 'node:crypto'
import type { Fault, FaultOptions } from '../faults/fault.ts'
import type { Captured } from '../mailbox/captured.ts'
import type { Message } from '../message/message.ts'
import { mismatch, type Filter } from './filter.ts'
import { MessageTimeoutError, type Evidence } from './message-timeout-error.ts'

/**
 * How long a wait lasts, in milliseconds: below the five seconds a vitest test may take, so that the
 * wait ends first and tells what did arrive.
 */
const DEFAULT_TIMEOUT = 4_000

/** How long `none()` waits by default, in milliseconds: short and explicit. */
const DEFAULT_SILENCE = 200

/** Taken messages that an inbox remembers, so that a long run does not pile them up. */
const MAX_REMEMBERED = 20

export interface WaitOptions {
  /** Milliseconds; 4000 without it. */
  timeout?: number
  /** Ends the wait with the signal's reason. */
  signal?: AbortSignal
  /** False leaves the message for the next one who asks; true without it. */
  consume?: boolean
}

export interface Credentials {
  user: string
  pass: string
}

/** What an inbox asks of the server it belongs to. */
export interface InboxHost {
  stage(options: FaultOptions, owner: string): Fault
  clearFaults(owner: string): void
  evidence(
    inbox: Inbox,
  ): Promise<Omit<Evidence, 'inbox' | 'filter' | 'waited' | 'waiting' | 'taken'>>
  openDoor(inbox: Inbox): Promise<{ host: string; port: number }>
}

interface Waiter {
  filter: Filter
  consume: boolean
  resolve: (message: Message) => void
}

export class Inbox {
  readonly address: string
  /** For SMTP AUTH: whatever is sent with them lands here, to whomever it is addressed. */
  readonly credentials: Credentials
  readonly openedAt = new Date()
  readonly #host: InboxHost
  readonly #waiters = new Set<Waiter>()
  #arrived = new Set<Captured>()
  #waiting: Message[] = []
  /** The newest that were taken, for telling what did arrive. */
  #taken: Message[] = []
  #reading: Promise<void> = Promise.resolve()

  constructor(address: string, host: InboxHost) {
    this.address = address
    this.credentials = { user: address, pass: randomBytes(9).toString('base64url') }
    this.#host = host
  }

  /**
   * The next message that fits, also one that came before this was called; each
   * is given once. Resolves after the sender has had its 250.
   *
   * Throws `MessageTimeoutError`, which tells what did arrive.
   *
   * @example
   * const message = await inbox.next({ subject: /reset/i })
   */
  next(filter: Filter = {}, options: WaitOptions = {}): Promise<Message> {
    const { timeout = DEFAULT_TIMEOUT, signal, consume = true } = options
    signal?.throwIfAborted()
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
        this.#waiters.delete(waiter)
        end()
      }
      const waiter: Waiter = {
        filter,
        consume,
        resolve: (message) => settle(() => resolve(message)),
      }
      const abort = () => settle(() => reject(abortReason(signal)))
      const giveUp = () =>
        void this.#timeout(filter, timeout).then((error) => settle(() => reject(error)))
      const timer = setTimeout(giveUp, timeout)
      signal?.addEventListener('abort', abort, { once: true })
      this.#waiters.add(waiter)
      void this.#match()
    })
  }

  /**
   * Waits until `n` messages are here and takes them all, oldest first.
   *
   * @example
   * const [first, second] = await inbox.count(2)
   */
  async count(n: number, options: WaitOptions & { filter?: Filter } = {}): Promise<Message[]> {
    const { filter, timeout = DEFAULT_TIMEOUT, ...rest } = options
    const end = Date.now() + timeout
    const messages: Message[] = []
    while (messages.length < n) {
      messages.push(await this.next(filter, { ...rest, timeout: Math.max(0, end - Date.now()) }))
    }
    return messages
  }

  /**
   * Holds when nothing that fits is here and nothing comes for `for` milliseconds
   * (200 without it). Throws as soon as something does.
   *
   * @example
   * await inbox.none({ for: 200 })
   */
  async none(options: { for?: number; filter?: Filter; signal?: AbortSignal } = {}): Promise<void> {
    const { for: silence = DEFAULT_SILENCE, filter = {}, signal } = options
    const wait = { timeout: silence, consume: false, ...(signal && { signal }) }
    const came = await this.next(filter, wait).catch((error: unknown) => {
      if (error instanceof MessageTimeoutError) return undefined
      throw error
    })
    if (came === undefined) return
    throw new Error(
      `Expected nothing in ${this.address}, but "${came.subject}" came from ${came.from.address}`,
    )
  }

  /**
   * Runs `action` and takes what came because of it: at least `count` messages
   * (1 without it), and whatever else is here by then. What was waiting before
   * is left alone.
   *
   * @example
   * const [message] = await inbox.during(() => page.click('Send'))
   */
  async during(
    action: () => unknown,
    options: WaitOptions & { filter?: Filter; count?: number } = {},
  ): Promise<Message[]> {
    const { count = 1, filter = {}, ...rest } = options
    await this.#read()
    const before = new Set(this.#waiting)
    const isNew = (message: Message) =>
      !before.has(message) && mismatch(message, filter) === undefined
    await action()
    const messages = await this.count(count, { ...rest, filter: { where: isNew } })
    await this.#read()
    return [...messages, ...this.#waiting.filter(isNew).map((message) => this.#take(message))]
  }

  /** What is here and has not been taken, oldest first. */
  async waiting(): Promise<Message[]> {
    await this.#read()
    return [...this.#waiting]
  }

  /**
   * Stages a fault for this inbox alone. Until RCPT a connection is known by its
   * credentials or by coming through `open()`; from RCPT on also by its recipients.
   *
   * @example
   * using fault = inbox.fail({ at: 'rcpt', code: 451, times: 2 })
   */
  fail(options: FaultOptions): Fault {
    return this.#host.stage(options, this.address)
  }

  /** Takes off every fault of this inbox. */
  heal() {
    this.#host.clearFaults(this.address)
  }

  /**
   * Opens an SMTP port of this inbox's own: everything that comes through belongs to it, and
   * its faults strike from the first byte. Closed with the server.
   *
   * @example
   * const { host, port } = await inbox.open()
   */
  open(): Promise<{ host: string; port: number }> {
    return this.#host.openDoor(this)
  }

  /** Called by the server for each message of this inbox. */
  deliver(captured: Captured) {
    this.#arrived.add(captured)
    if (this.#waiters.size > 0) void this.#match()
  }

  /** Called by the server when a message is no longer kept; without one, when none is. */
  forget(captured?: Captured) {
    if (captured === undefined) this.#arrived.clear()
    else this.#arrived.delete(captured)
    this.#waiting = this.#waiting.filter(({ id }) => captured !== undefined && id !== captured.id)
  }

  async #match() {
    await this.#read()
    for (const waiter of this.#waiters) {
      const found = this.#waiting.find((message) => mismatch(message, waiter.filter) === undefined)
      if (found === undefined) continue
      if (waiter.consume) this.#take(found)
      waiter.resolve(found)
    }
  }

  /** Parses what has arrived, in order, one reading at a time. */
  #read(): Promise<void> {
    this.#reading = this.#reading.then(async () => {
      for (const captured of this.#arrived) {
        this.#arrived.delete(captured)
        this.#waiting.push(await captured.parse())
      }
    })
    return this.#reading
  }

  #take(message: Message) {
    this.#waiting = this.#waiting.filter((other) => other !== message)
    this.#taken = [...this.#taken, message].slice(-MAX_REMEMBERED)
    return message
  }

  async #timeout(filter: Filter, waited: number) {
    await this.#read()
    const lists = { waiting: this.#waiting, taken: this.#taken }
    const found = await this.#host.evidence(this)
    return new MessageTimeoutError({ inbox: this.address, filter, waited, ...lists, ...found })
  }

  toString() {
    return `inbox ${this.address}, waiting: ${this.#waiting.length + this.#arrived.size}`
  }
}

function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason
  return reason instanceof Error ? reason : new Error(`Stopped waiting: ${String(reason)}`)
}
