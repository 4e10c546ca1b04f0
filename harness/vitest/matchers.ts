/**
 * Matchers: `expect.extend(mailMatchers)`.
 */
import { mismatch, type Filter } from '../inbox/filter.ts'
import { Inbox, type WaitOptions } from '../inbox/inbox.ts'
import { MessageTimeoutError } from '../inbox/message-timeout-error.ts'
import type { Rule } from '../lint/finding.ts'
import { lint } from '../lint/lint.ts'
import { CodeError } from '../message/codes.ts'
import { LinkError } from '../message/links.ts'
import { Message } from '../message/message.ts'

interface Outcome {
  pass: boolean
  message: () => string
}

export const mailMatchers = {
  /** The message has a link with these words, at this address, or that the pattern fits. */
  toHaveLink(received: unknown, wanted?: string | RegExp): Outcome {
    const message = asMessage(received)
    return attempt(() => message.link(wanted), LinkError, 'link')
  },

  /** The message has one code, and it is this one. */
  toHaveCode(received: unknown, expected?: string): Outcome {
    const message = asMessage(received)
    const found = attempt(() => message.code(), CodeError, 'code')
    if (!found.pass || expected === undefined) return found
    const code = message.code()
    return { pass: code === expected, message: () => `Code ${code}, not ${expected}` }
  },

  /** Every field of the filter fits. */
  toMatchMail(received: unknown, filter: Filter): Outcome {
    const problem = mismatch(asMessage(received), filter)
    return { pass: problem === undefined, message: () => problem ?? 'The message fits' }
  },

  /** Nothing is wrong with the message that `lint` knows of. */
  toBeSoundMail(received: unknown, options: { ignore?: readonly Rule[] } = {}): Outcome {
    const findings = lint(asMessage(received), options)
    const list = findings.map(({ rule, detail }) => `\n  ${rule}: ${detail}`).join('')
    const told = findings.length === 0 ? 'Nothing is wrong with the message' : `Wrong:${list}`
    return { pass: findings.length === 0, message: () => told }
  },

  /** A message that fits arrives, or is here already; it is taken. */
  async toReceive(
    received: unknown,
    filter: Filter = {},
    options: WaitOptions = {},
  ): Promise<Outcome> {
    const inbox = asInbox(received)
    try {
      const { subject } = await inbox.next(filter, options)
      return { pass: true, message: () => `"${subject}" arrived in ${inbox.address}` }
    } catch (error) {
      if (!(error instanceof MessageTimeoutError)) throw error
      return { pass: false, message: () => error.message }
    }
  },
}

function attempt(
  read: () => string,
  Expected: typeof LinkError | typeof CodeError,
  what: string,
): Outcome {
  try {
    const found = read()
    return { pass: true, message: () => `The message has the ${what} ${found}` }
  } catch (error) {
    if (!(error instanceof Expected)) throw error
    return { pass: false, message: () => error.message }
  }
}

function asMessage(received: unknown): Message {
  if (received instanceof Message) return received
  throw new TypeError('This matcher is for a message of the mail harness')
}

function asInbox(received: unknown): Inbox {
  if (received instanceof Inbox) return received
  throw new TypeError('This matcher is for an inbox of the mail harness')
}

/** What the matchers add to `expect()`. */
export interface MailMatchers<R> {
  toHaveLink(wanted?: string | RegExp): R
  toHaveCode(expected?: string): R
  toMatchMail(filter: Filter): R
  toBeSoundMail(options?: { ignore?: readonly Rule[] }): R
  toReceive(filter?: Filter, options?: WaitOptions): Promise<R>
}

declare module 'vitest' {
  interface Matchers<T> extends MailMatchers<T> {}
}
