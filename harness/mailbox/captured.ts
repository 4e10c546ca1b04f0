/**
 * One message as it came over the wire, unparsed: the bytes, the envelope, and
 * what the connection was like. Parsing waits until somebody reads it.
 */
import { randomBytes } from 'node:crypto'
import { Message } from '../message/message.ts'
import { ParseCache } from './parse-cache.ts'

/** MAIL FROM and RCPT TO, which need not agree with the header fields. */
export interface Envelope {
  /** Empty for a bounce (RFC 5321 §4.5.5). */
  from: string
  to: string[]
  /** SMTPUTF8, 8BITMIME and the like, as the client declared them. */
  parameters: Record<string, string>
}

export interface TlsFacts {
  /** For example `TLSv1.3`. */
  protocol: string
  cipher: string
  /** The name the client asked for (SNI), if it did. */
  servername: string | undefined
  /** Whether TLS came first or by STARTTLS. */
  by: 'implicit' | 'starttls'
}

export interface AuthFacts {
  user: string
  method: string
}

/** How the message got here. */
export interface Delivery {
  envelope: Envelope
  tls: TlsFacts | false
  auth: AuthFacts | false
  /** What the client called itself. */
  hello: string
  /** Id of the transcript of its session; empty when it did not come by SMTP. */
  session: string
}

export class Captured {
  readonly id = randomId()
  readonly raw: Buffer
  readonly delivery: Delivery
  readonly receivedAt = new Date()
  /** Place in the order of arrival, from 1; never used twice. */
  readonly sequence: number
  read = false
  /** Set by somebody; until then its own tags count. */
  tags: string[] | undefined
  readonly #cache: ParseCache
  #held: WeakRef<Message> | undefined

  constructor(raw: Buffer, delivery: Delivery, sequence: number, cache = new ParseCache()) {
    this.raw = raw
    this.delivery = delivery
    this.sequence = sequence
    this.#cache = cache
  }

  /** The parsed message: one and the same as long as somebody holds it. */
  async parse(): Promise<Message> {
    const kept = this.#kept()
    if (kept !== undefined) return kept
    const parsed = await Message.parse(this)
    const first = this.#kept() ?? parsed
    this.#held = new WeakRef(first)
    this.#cache.put(first)
    return first
  }

  #kept() {
    return this.#cache.get(this.id) ?? this.#held?.deref()
  }
}

const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'

/** Letters and digits of an identifier, as many as Mailpit's have. */
const ID_LENGTH = 22

/** Randomness is fetched for many identifiers at once: each call of its own would cost more than the rest of a message. */
let pool = Buffer.alloc(0)

function randomId() {
  if (pool.length < ID_LENGTH) pool = randomBytes(ID_LENGTH * 64)
  let id = ''
  for (let n = 0; n < ID_LENGTH; n++) id += alphabet[(pool[n] ?? 0) % alphabet.length]
  pool = pool.subarray(ID_LENGTH)
  return id
}
