/**
 * What the rules need from the world, as ports: the stores keep, the composition roots provide.
 */
import type { Config } from '../config.ts'
import type { EmailAddress } from './address.ts'
import type { AuditEvent } from './audit.ts'
import type { Client, Device } from './client.ts'
import type { Admission, Hit, Limit } from './limits.ts'
import type { Keyring } from './keyring.ts'
import type { LinkUses } from './link-post.ts'
import type { PasswordSources } from './password-policy.ts'
import type { Passwords } from './password-hash.ts'
import type { Random } from './random.ts'
import type { Locale } from '../../templates/locales/index.ts'

export interface Services extends Store {
  config: Config
  /** Unix time in whole seconds. */
  clock: () => number
  random: Random
  passwords: Passwords
  passwordSources: PasswordSources
  keyring: Keyring
  linkUses: LinkUses
  /** Asks for a delivery of the outbox soon, outside this request. */
  wakeDelivery: () => void
}

export interface Store {
  accounts: AccountStore
  sessions: SessionStore
  outbox: OutboxAsks
  limits: LimitStore
  audit: AuditStore
}

export interface Account {
  id: string
  address: string
  addressKey: string
  username: string
  passwordHash: string
  credentialVersion: number
  /** What mails are written in; null for an imported account that has said no language yet. */
  locale: Locale | null
  /** Unix seconds; null for an imported account whose mailbox nobody has proven yet. */
  provenAt: number | null
  disabledAt: number | null
}

/** What was found by somebody who was counted. */
export interface Counted<Found> {
  admission: Admission
  found: Found | null
}

export interface AccountStore {
  find(id: string): Promise<Account | null>
  /** The same, counted first; in one batch. */
  findCounted(id: string, hit: Hit): Promise<Counted<Account>>
  findByAddressKey(key: string): Promise<Account | null>
  /** By the id that an imported account had in the app it comes from; nobody else has one. */
  findByLegacyId(legacyId: string): Promise<Account | null>
  /**
   * Replaces the password once per credential version and does all that follows
   * in the same batch: false when another post was first.
   */
  replacePassword(change: PasswordChange): Promise<boolean>
  /** False when the address has an account by now, or the outbox row is gone. */
  register(registration: NewAccount): Promise<boolean>
  /** Replaces a hash by one of today's parameters, unless the password has changed meanwhile. */
  rehash(account: Account, passwordHash: string): Promise<void>
}

export interface PasswordChange {
  account: Account
  passwordHash: string
  /** How it came about: by a mailed link, or by the person signed in. */
  event: 'password-reset' | 'password-changed'
  /** The session that takes the place of the caller's own; all others end. */
  session: NewSession | null
  /** Of the request; the account's from now on, when it had none. */
  locale: Locale
  /** Of the outbox row that says "your password was changed". */
  noticeId: string
  client: Client
  now: number
}

export interface NewAccount {
  id: string
  /** The outbox row that holds the address. */
  registration: string
  addressKey: string
  username: string
  passwordHash: string
  client: Client
  now: number
}

export interface NewSession {
  /** Names the session on the account page; opens nothing. */
  id: string
  /** SHA-256 of the secret, in base64url. */
  secretHash: string
}

export interface Session {
  id: string
  account: Account
  createdAt: number
  lastSeenAt: number
  device: Device
}

export interface SessionStore {
  /** What a log-in is checked against, counted before anything is hashed. */
  beginLogin(attempt: LoginAttempt): Promise<BegunLogin>
  /** Counts a try of somebody who is signed in, before anything is hashed. */
  countAttempt(attempt: PasswordAttempt): Promise<Admission>
  /** Takes back what a try counted that was right. */
  acceptAttempt(attempt: PasswordAttempt): Promise<void>
  /** Starts a session if the credential version still is the one that was verified. */
  start(login: SuccessfulLogin): Promise<boolean>
  find(secretHash: string, now: number): Promise<Session | null>
  list(accountId: string, now: number): Promise<Session[]>
  /** Ends one session of an account; false when it was none. */
  end(accountId: string, sessionId: string, ending: SessionEnding): Promise<boolean>
  endOthers(accountId: string, keep: string, ending: SessionEnding): Promise<void>
}

export interface BegunLogin {
  admission: Admission
  account: Account | null
  /**
   * Some account's password hash, always the same one for the same address. An
   * address without account is verified against it, so that what an unknown
   * address costs is what a known one may cost, whatever kinds of hash there are.
   */
  decoy: string | null
}

/** One try at the password of an address. */
export interface PasswordAttempt {
  addressKey: string
  /** The session that it is made in, or what this browser was called when it logged in before; null for a stranger. */
  knownAs: string | null
  perClient: Limit
  perClientAndAddress: Limit
  /** Null before somebody is signed in. */
  accountId: string | null
  /** Masked; null for what is no address. */
  address: string | null
  client: Client
  now: number
}

export interface LoginAttempt extends PasswordAttempt {
  /** Where among the accounts the decoy is looked for: secret, and a matter of the address alone. */
  decoyAt: string
}

export interface SuccessfulLogin {
  account: Account
  session: NewSession
  /** SHA-256 of the session secret that this browser came with: that session ends. */
  replaces: string | null
  device: string | null
  perClientAndAddress: Limit
  client: Client
  now: number
}

export interface SessionEnding {
  event: 'logged-out' | 'sessions-ended'
  client: Client
  now: number
}

/** The outbox as those see it who ask for a mail: they can add, and see nothing. */
export interface OutboxAsks {
  /** Counts the ask and, when it is within the limit, adds a row; in one batch. */
  ask(ask: OutboxAsk): Promise<Admission>
  /** The registration of a link. */
  findRegistration(id: string): Promise<AskedRegistration | null>
  /** The same, counted first; in one batch. */
  findRegistrationCounted(id: string, hit: Hit): Promise<Counted<AskedRegistration>>
}

export interface AskedRegistration {
  address: string
  addressKey: string
  /** The address has an account by now. */
  taken: boolean
}

export interface OutboxAsk {
  id: string
  purpose: 'reset' | 'register'
  address: EmailAddress
  locale: Locale
  client: Client
  limit: Limit
  now: number
}

export interface LimitStore {
  /** With `refusal`, the first that a window turns away leaves an audit row. */
  count(limit: Limit, now: number, refusal?: AuditEvent): Promise<Admission>
}

export interface AuditStore {
  add(event: AuditEvent): Promise<void>
}
