/**
 * Log-in: limits first, then one hash whether or not there is an account, then
 * a session that is bound to the credential version that was verified.
 */
import { parseAddress } from './address.ts'
import { maskAddress } from './audit.ts'
import type { Client } from './client.ts'
import { isKnownDevice, mintDeviceCookie } from './device-cookie.ts'
import { type Admission, limitOf } from './limits.ts'
import { isPlausiblePassword } from './password-policy.ts'
import type { Account, Services } from './services.ts'
import { newSessionSecret } from './session.ts'

export interface LoginForm {
  email: string
  password: string
  client: Client
  deviceCookie: string | undefined
}

export type LoginOutcome =
  | { ok: true; secret: string; deviceCookie: string; account: Account }
  | { ok: false; reason: 'wrong-credentials' }
  | Extract<Admission, { ok: false }>

/** Checks an address and a password, and starts a session. */
export async function logIn(services: Services, form: LoginForm): Promise<LoginOutcome> {
  // What is no address cannot have an account, but costs what one without an account costs.
  const addressKey = parseAddress(form.email)?.key ?? `not an address: ${form.email.slice(0, 254)}`
  const begun = await begin(services, form, addressKey)
  if (!begun.admission.ok) return begun.admission
  const verified = await verify(services, form.password, begun.account)
  const login = verified && (await startSession(services, form, verified))
  if (!login) {
    await services.audit.add(failure(services, form, begun.account))
    return { ok: false, reason: 'wrong-credentials' }
  }
  return login
}

async function begin(services: Services, form: LoginForm, addressKey: string) {
  const { config, keyring, sessions, clock } = services
  const now = clock()
  return sessions.beginLogin({
    addressKey,
    perClient: limitOf.login(config.limits, form.client),
    perClientAndAddress: limitOf.password(config.limits, form.client, addressKey),
    deviceKnown: await isKnownDevice(keyring, form.deviceCookie, addressKey, now),
    now,
  })
}

/** The account when the password is its own, with the hash brought up to date; else null. */
async function verify(services: Services, password: string, account: Account | null) {
  using turn = await services.passwords.turn()
  const plausible = isPlausiblePassword(password)
  const stored = plausible && account?.disabledAt === null ? account.passwordHash : null
  const verdict = turn.verify(plausible ? password : '', stored)
  if (!verdict.ok || account === null) return null
  if (verdict.outdated) await services.accounts.rehash(account, turn.hash(password))
  return account
}

async function startSession(services: Services, { client }: LoginForm, account: Account) {
  const { config, keyring, random, sessions, clock } = services
  const { secret, session } = await newSessionSecret(random)
  const now = clock()
  const perClientAndAddress = limitOf.password(config.limits, client, account.addressKey)
  const started = await sessions.start({ account, session, perClientAndAddress, client, now })
  if (!started) return null
  const deviceCookie = await mintDeviceCookie(keyring, account.addressKey, now)
  return { ok: true as const, secret, deviceCookie, account }
}

function failure({ clock }: Services, form: LoginForm, account: Account | null) {
  return {
    event: 'login-failed' as const,
    accountId: account?.id ?? null,
    address: maskAddress(parseAddress(form.email)?.key ?? ''),
    client: form.client,
    at: clock(),
  }
}
