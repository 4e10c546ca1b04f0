/**
 * Troubles that mail servers really make, ready to stage:
 * `mail.fail(greylist())`, `inbox.fail(mailboxFull())`.
 */
import type { FaultOptions, Situation, Stage } from './fault.ts'
import { seededRandom } from './seeded-random.ts'

interface Clock {
  /** Milliseconds; the system's clock without it. */
  now?: () => number
}

/**
 * Puts off every first attempt, known by client, sender and recipient, and takes
 * a later one (RFC 6647 §2).
 *
 * @example
 * mail.fail(greylist({ for: 50 }))
 */
export function greylist(options: { for?: number } & Clock = {}): FaultOptions {
  const { for: wait = 0, now = Date.now } = options
  const seen = new Map<string, number>()
  const isTooSoon = ({ client, from, to }: Situation) => {
    const key = [client, from, to].join(' ')
    const first = seen.get(key)
    if (first === undefined) seen.set(key, now())
    return first === undefined || now() - first < wait
  }
  return { at: 'rcpt', code: 451, text: '4.7.1 Greylisted, try again later', when: isTooSoon }
}

/**
 * Takes so many messages in a window of time, measured, and refuses what is more.
 *
 * @example
 * mail.fail(rateLimit({ messages: 5, per: 1_000 }))
 */
export function rateLimit(options: { messages: number; per: number } & Clock): FaultOptions {
  const { messages, per, now = Date.now } = options
  let taken: number[] = []
  const isTooMany = () => {
    taken = taken.filter((time) => now() - time < per)
    if (taken.length >= messages) return true
    taken.push(now())
    return false
  }
  return { at: 'mail', code: 450, text: '4.7.1 Too many messages, slow down', when: isTooMany }
}

/** The mailbox is full: for now (RFC 3463 §3.3, 4.2.2), or for good. */
export function mailboxFull(
  options: { to?: string | RegExp; permanent?: boolean } = {},
): FaultOptions {
  const { to, permanent = false } = options
  const reply = permanent
    ? { code: 552, text: '5.2.2 Mailbox full' }
    : { code: 452, text: '4.2.2 Mailbox full' }
  return { at: 'rcpt', ...reply, ...(to !== undefined && { to }) }
}

/** Nobody lives at this address (RFC 3463 §3.2). */
export function noSuchUser(options: { to?: string | RegExp } = {}): FaultOptions {
  return { at: 'rcpt', code: 550, text: '5.1.1 No such user', ...options }
}

/** Every password is wrong (RFC 4954 §6). */
export function wrongPassword(): FaultOptions {
  return { at: 'auth', code: 535, text: '5.7.8 Authentication credentials invalid' }
}

/** STARTTLS is neither offered nor understood, as when somebody in between strips it. */
export function noStartTls(): FaultOptions {
  return { at: 'ehlo', hide: ['STARTTLS'] }
}

/**
 * Fails with a probability, the same way in every run with the same seed.
 *
 * @example
 * mail.fail(chaos({ at: 'rcpt', probability: 0.2, seed: 7 }))
 */
export function chaos(options: {
  at: Stage
  probability: number
  seed?: number
  code?: number
}): FaultOptions {
  const { at, probability, seed = 1, code = 451 } = options
  const random = seededRandom(seed)
  return { at, code, when: () => random() < probability }
}
