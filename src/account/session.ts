/**
 * Sessions: 256 random bits with the browser, their SHA-256 with us, and the
 * credential version that was verified. A session whose version is not the
 * account's is no session.
 */
import { maskAddress } from './audit.ts'
import type { Client } from './client.ts'
import { sha256, toBase64Url } from './encoding.ts'
import { limitsOfPassword } from './limits.ts'
import type { PasswordPlace } from './password-hash.ts'
import {
  findPasswordProblem,
  isPlausiblePassword,
  type PasswordProblem,
} from './password-policy.ts'
import { newId, newSecret, type Random } from './random.ts'
import { contextOf } from './recovery.ts'
import type { Account, NewSession, PasswordAttempt, Services, Session } from './services.ts'
import type { Locale } from '../../templates/locales/index.ts'

/** In seconds (ASVS 5.0 §7.3.1): two weeks without a visit. */
export const SESSION_IDLE = 14 * 24 * 3600
/** In seconds (ASVS 5.0 §7.3.2): sixty days in all. */
export const SESSION_ABSOLUTE = 60 * 24 * 3600

export async function newSessionSecret(
  random: Random,
): Promise<{ secret: string; session: NewSession }> {
  const secret = newSecret(random)
  return { secret, session: { id: newId(random), secretHash: await hashSessionSecret(secret) } }
}

/** Null when nobody is signed in with this secret. */
export async function findSession(
  { sessions, clock }: Services,
  secret: string | undefined,
): Promise<Session | null> {
  const plausible = secret !== undefined && /^[A-Za-z0-9_-]{43}$/.test(secret)
  return plausible ? sessions.find(await hashSessionSecret(secret), clock()) : null
}

export async function logOut(services: Services, session: Session, client: Client): Promise<void> {
  await services.sessions.end(session.account.id, session.id, {
    event: 'logged-out',
    client,
    now: services.clock(),
  })
}

export type ChangeOutcome =
  | { ok: true; secret: string }
  | { ok: false; reason: 'wrong-password' }
  | { ok: false; reason: 'signed-out' }
  | { ok: false; reason: 'weak-password'; problem: PasswordProblem }
  | { ok: false; reason: 'throttled'; retryAfter: number }

export interface PasswordChangeForm {
  currentPassword: string
  password: string
  locale: Locale
  client: Client
}

/** Changes the password of whoever is signed in: this session is replaced, all others end. */
export async function changePassword(
  services: Services,
  session: Session,
  form: PasswordChangeForm,
): Promise<ChangeOutcome> {
  const checked = await checkCurrentPassword(services, session, form)
  if (!checked.ok) return checked
  const { account } = session
  const { password } = form
  const problem = await findPasswordProblem(
    password,
    contextOf(services, account),
    services.passwordSources,
  )
  if (problem !== null) return { ok: false, reason: 'weak-password', problem }
  return replacePassword(services, account, form)
}

/**
 * Counted as a log-in is, or whoever has stolen a session could guess on here.
 * Its row of wrong passwords is the session's own: strangers who fill theirs
 * keep nobody from changing a password.
 */
async function checkCurrentPassword(
  services: Services,
  { id, account }: Session,
  { currentPassword, client }: PasswordChangeForm,
) {
  const { config, sessions, audit, clock } = services
  const address = maskAddress(account.address)
  const attempt: PasswordAttempt = {
    ...limitsOfPassword(config.limits, client, account.addressKey),
    ...{ addressKey: account.addressKey, knownAs: id, client },
    ...{ accountId: account.id, address, now: clock() },
  }
  using place = await services.passwords.place()
  const admission = await sessions.countAttempt(attempt)
  if (!admission.ok) return admission
  if (await isCurrentPassword(place, account.passwordHash, currentPassword)) {
    await sessions.acceptAttempt(attempt)
    return { ok: true } as const
  }
  const failure = { accountId: account.id, address, client, at: clock() }
  await audit.add({ event: 'password-change-failed', ...failure })
  return { ok: false, reason: 'wrong-password' } as const
}

async function replacePassword(
  services: Services,
  account: Account,
  { password, locale, client }: PasswordChangeForm,
): Promise<ChangeOutcome> {
  const { secret, session } = await newSessionSecret(services.random)
  const changed = await services.accounts.replacePassword({
    account,
    passwordHash: await hashInTurn(services, password),
    event: 'password-changed',
    session,
    noticeId: newId(services.random),
    locale,
    client,
    now: services.clock(),
  })
  if (!changed) return { ok: false, reason: 'signed-out' }
  services.wakeDelivery()
  return { ok: true, secret }
}

/** The turn is over before anything is written: a slow database keeps nobody else from a hash. */
async function hashInTurn({ passwords }: Services, password: string): Promise<string> {
  using turn = await passwords.turn()
  return turn.hash(password)
}

async function isCurrentPassword(place: PasswordPlace, stored: string, password: string) {
  if (!isPlausiblePassword(password)) return false
  using turn = await place.turn()
  return (await turn.verify(password, stored)).ok
}

export async function hashSessionSecret(secret: string): Promise<string> {
  return toBase64Url(await sha256(secret))
}
