/**
 * A fault: one scripted failure, when it strikes and what it does. Counted and
 * deterministic, so that a test says "the first two recipients" and means it.
 */
import { randomUUID } from 'node:crypto'
import type { BadCertificate } from '../certificates.ts'
import type { BounceOptions } from './bounce.ts'

/** Where in the SMTP dialogue a fault strikes. */
export type Stage =
  | 'connect'
  | 'banner'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'after-data'
  | 'quit'

export const stages: readonly Stage[] = [
  'connect',
  'banner',
  'ehlo',
  'starttls',
  'auth',
  'mail',
  'rcpt',
  'data',
  'after-data',
  'quit',
]

export interface FaultOptions {
  at: Stage
  /** Only for this recipient: at `rcpt` the one named, at `data` and `after-data` any of them. */
  to?: string | RegExp
  /** Only for this envelope sender, from `mail` on. */
  from?: string | RegExp
  /** How often it strikes before it is spent; without it, every time. */
  times?: number
  /** How many chances it lets pass first; 0 without it. */
  after?: number
  /** Last word on whether it strikes; called once per chance, when everything else matched. */
  when?: (situation: Situation) => boolean

  /** Reply code, 400 to 599. 451 when nothing else is asked for. */
  code?: number
  /** Words of the reply; may begin with an enhanced status code (RFC 3463). */
  text?: string
  /** Milliseconds to wait first; alone, the dialogue then goes on as if nothing had been. */
  delay?: number
  /** Close the connection instead of answering; `reset` sends a TCP RST. */
  drop?: boolean | 'reset'
  /** Never answer, and leave the connection open. */
  hang?: boolean
  /** Send half the reply, then close, or hang. */
  half?: 'drop' | 'hang'
  /** Show this certificate: at `starttls`, or at `connect` on the port for implicit TLS. */
  certificate?: BadCertificate
  /** At `after-data`: keep the message although the sender is told otherwise, or nothing. */
  keep?: boolean
  /** At `after-data`: take the message, then send this notification to its envelope sender (RFC 3464). */
  bounce?: BounceOptions
  /** Leave these keywords out of the EHLO reply and refuse their commands. */
  hide?: readonly string[]
}

/** What is known when a fault may strike. */
export interface Situation {
  stage: Stage
  from?: string
  to?: readonly string[]
  /** Every inbox this moment belongs to, by address. */
  owners: ReadonlySet<string>
  /** Address of the client. */
  client: string
}

const defaultText: Record<Stage, string> = {
  connect: 'Service not available',
  banner: 'Service not available',
  ehlo: 'Try again later',
  starttls: 'TLS not available due to temporary reason',
  auth: 'Authentication failed',
  mail: 'Sender refused',
  rcpt: 'Recipient refused',
  data: 'Transaction failed',
  'after-data': 'Message refused',
  quit: 'Not now',
}

export class Fault {
  readonly id = randomUUID()
  readonly options: FaultOptions
  /** The inbox it belongs to; without one it concerns everybody. */
  readonly owner: string | undefined
  /** How often it has struck. */
  hits = 0
  #chances = 0
  readonly #remove: (fault: Fault) => void

  constructor(options: FaultOptions, owner: string | undefined, remove: (fault: Fault) => void) {
    check(options)
    this.options = options
    this.owner = owner
    this.#remove = remove
  }

  /** Whether it has struck as often as it was to. */
  get spent() {
    return this.hits >= (this.options.times ?? Infinity)
  }

  /** The reply it gives, where it gives one. */
  get reply(): { code: number; text: string } | undefined {
    const { at, code, text } = this.options
    if (code === undefined && text === undefined && !this.isBareRefusal) return undefined
    return { code: code ?? defaultCode(at), text: text ?? `${defaultText[at]} (staged)` }
  }

  /** In words, for transcripts and errors: `rcpt: reply 451, 1 of 2`. */
  toString() {
    const { at, times } = this.options
    return `${at}: ${this.#deed()}, ${this.hits}${times === undefined ? '' : ` of ${times}`} struck`
  }

  /** Takes it off again. */
  remove() {
    this.#remove(this)
  }

  [Symbol.dispose]() {
    this.remove()
  }

  /** Counts and answers whether it strikes now. */
  strikes(situation: Situation): boolean {
    if (this.spent || !this.#concerns(situation)) return false
    this.#chances += 1
    if (this.#chances <= (this.options.after ?? 0)) return false
    if (this.options.when !== undefined && !this.options.when(situation)) return false
    this.hits += 1
    return true
  }

  #concerns({ stage, from, to, owners }: Situation) {
    const { options } = this
    return (
      stage === options.at &&
      (this.owner === undefined || owners.has(this.owner)) &&
      (options.to === undefined || (to ?? []).some((address) => fits(options.to, address))) &&
      (options.from === undefined || (from !== undefined && fits(options.from, from)))
    )
  }

  private get isBareRefusal() {
    const { delay, drop, hang, certificate, hide, bounce } = this.options
    return [delay, drop, hang, certificate, hide, bounce].every((deed) => deed === undefined)
  }

  #deed() {
    const { delay, drop, hang, half, certificate, hide, bounce } = this.options
    const deeds = [
      delay !== undefined && `wait ${delay} ms`,
      half !== undefined && `half a reply, then ${half}`,
      drop !== undefined && drop !== false && (drop === 'reset' ? 'reset' : 'drop'),
      hang === true && 'hang',
      certificate !== undefined && `${certificate} certificate`,
      bounce !== undefined && 'accept and bounce',
      hide !== undefined && `hide ${hide.join(', ')}`,
      half === undefined && this.reply !== undefined && `reply ${this.reply.code}`,
    ]
    return deeds.filter((deed) => deed !== false).join(' and ')
  }
}

/** 535 is what a wrong password gets (RFC 4954 §6), 454 what a TLS trouble gets (RFC 3207 §4). */
function defaultCode(at: Stage) {
  if (at === 'auth') return 535
  if (at === 'starttls') return 454
  return at === 'connect' || at === 'banner' ? 421 : 451
}

function check({ at, code, times, half, hide, certificate, keep, bounce }: FaultOptions) {
  if (!stages.includes(at)) throw new TypeError(`No such stage: ${at}. One of ${stages.join(', ')}`)
  if (code !== undefined && !(Number.isInteger(code) && code >= 400 && code <= 599)) {
    throw new RangeError(`A fault replies with a code from 400 to 599, not ${code}`)
  }
  if (times !== undefined && !(times >= 1)) throw new RangeError('A fault strikes at least once')
  if (hide !== undefined && at !== 'ehlo') throw new TypeError('Keywords are hidden at ehlo')
  if ((keep !== undefined || bounce !== undefined) && at !== 'after-data') {
    throw new TypeError('A message is kept or bounced at after-data')
  }
  if (certificate !== undefined && at !== 'starttls' && at !== 'connect') {
    throw new TypeError('A certificate is shown at starttls, or at connect with implicit TLS')
  }
  if (half !== undefined && half !== 'drop' && half !== 'hang') {
    throw new TypeError("After half a reply comes 'drop' or 'hang'")
  }
}

function fits(wanted: string | RegExp | undefined, address: string) {
  if (wanted === undefined) return true
  if (typeof wanted === 'string') return wanted.toLowerCase() === address.toLowerCase()
  return wanted.test(address)
}
