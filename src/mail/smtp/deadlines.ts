/**
 * How long the mail server may take. Cloudflare ends work under `waitUntil`
 * 30 s after the answer; ours is over within 20 s, polite goodbye included, so
 * that its outcome is always recorded.
 */

import type { Dialogue } from './dialogue.ts'

/** All in milliseconds. */
export interface Deadlines {
  /** From opening the socket until the server is ready for mail: greeting, TLS and AUTH. */
  readonly opening: number
  /** One message, from MAIL to the reply that follows its last line. */
  readonly message: number
  /** Everything on one connection but the goodbye. */
  readonly dialogue: number
  /** QUIT and its answer. */
  readonly closing: number
}

export const DEADLINES: Deadlines = {
  opening: 10_000,
  message: 10_000,
  dialogue: 18_000,
  closing: 1_000,
}

export interface Deadline {
  clear(): void
}

/** Breaks the dialogue off after so many milliseconds, unless cleared before. */
export function startDeadline(dialogue: Dialogue, milliseconds: number): Deadline {
  const timer = setTimeout(() => {
    dialogue.fail('silent', `no answer within ${milliseconds / 1_000} s`)
  }, milliseconds)
  return { clear: () => clearTimeout(timer) }
}
