/**
 * Limits: how often somebody may try, told apart by what the figure protects.
 *
 * Every limit is one row and one atomic statement in the database, so that it
 * holds across isolates and restarts. None of them changes an account.
 */
import type { Client } from './client.ts'

/** So many within so many seconds, counted from the first. */
export interface Quota {
  readonly count: number
  /** Length of the window, in seconds. */
  readonly seconds: number
}

export interface LimitFigures {
  /** Asks for a mail, per client. */
  ask: Quota
  /** Posts to links, per client. */
  link: Quota
  /** Log-ins, and whatever else asks for the password, per client. */
  login: Quota
  /** Wrong passwords, per client and address. */
  password: Quota
  /** Link mails per address within one `RESET_TOKEN_TTL`. */
  mail: number
  /** Mails in all per hour; null when nobody set one. */
  mailTotal: number | null
}

/** One thing that is counted: `key` names whose count it is. */
export interface Limit extends Quota {
  readonly key: string
}

/** One more of what is counted, at `now` (Unix seconds). */
export interface Hit {
  limit: Limit
  now: number
}

/** Whether somebody may go on; if not, in how many seconds they may. */
export type Admission = { ok: true } | { ok: false; reason: 'throttled'; retryAfter: number }

/**
 * NIST SP 800-63B-4 §3.2.2: no more than 100 failed attempts in a row on one
 * account. From there on one attempt a minute is taken, because locking the
 * account would hand the lock to the attacker.
 */
export const WRONG_PASSWORDS_IN_A_ROW = 100
/** In seconds. */
export const SLOWED_ATTEMPT_EVERY = 60

export const limitOf = {
  ask: (figures: LimitFigures, client: Client): Limit => ({
    ...figures.ask,
    key: `ask ${client.network}`,
  }),
  link: (figures: LimitFigures, client: Client): Limit => ({
    ...figures.link,
    key: `link ${client.network}`,
  }),
  login: (figures: LimitFigures, client: Client): Limit => ({
    ...figures.login,
    key: `login ${client.network}`,
  }),
  password: (figures: LimitFigures, client: Client, addressKey: string): Limit => ({
    ...figures.password,
    // The address first, so that a reset finds what all clients counted for it.
    key: `password ${addressKey} ${client.network}`,
  }),
}

/** What every try at a password is counted against, wherever it is made. */
export function limitsOfPassword(figures: LimitFigures, client: Client, addressKey: string) {
  return {
    perClient: limitOf.login(figures, client),
    perClientAndAddress: limitOf.password(figures, client, addressKey),
  }
}
