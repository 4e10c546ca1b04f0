/**
 * Log-in: limits first, then one hash whether or not there is an account, then
 * a session that is bound to the credential version that was verified.
 */
import { parseAddress } from './address.ts'
import { maskAddress } from './audit.ts'
import type { Client } from './client.ts'
import { findDevice, mintDeviceCookie } from './device-cookie.ts'
import { type Admission, limitOf, limitsOfPassword } from './limits.ts'
import type { PasswordPlace } from './password-hash.ts'
import { isPlausiblePassword } from './password-policy.ts'
import type { Account, BegunLogin, Services } from './services.ts'
import { newId } from './random.ts'
import { hashSessionSecret, newSessionSecret } from './session.ts'

export interface LoginForm {
  email: string
  password: string
  client: Client
  deviceCookie: string | undefined
  /** The session that this browser is in already: a new one takes its place (ASVS 5.0 §7.2.4). */
  sessionSecret: string | undefined
}

export type LoginOutcome =
  | { ok: true; secret: string; deviceCookie: string; account: Account }
  | { ok: false; reason: 'wrong-credentials' }
  | Extract<Admission, { ok: false }>

/** Checks an address and a password, and starts a session. Throws `Overloaded`, and has counted nothing then. */
export async function logIn(services: Services, form: LoginForm): Promise<LoginOutcome> {
  using place = await services.passwords.place()
  const addressKey = parseAddress(form.email)?.key ?? (await nameNoAddress(services, form.email))
  const device = await findDevice(services.keyring, form.deviceCookie, addressKey, services.clock())
  const begun = await begin(services, form, { addressKey, device })
  if (!begun.admission.ok) return begun.admission
  const verified = await verify(services, place, { password: form.password, ...begun })
  const login = verified && (await startSession(services, form, { account: verified, device }))
  if (!login) {
    await services.audit.add(failure(services, form, begun.account))
    return { ok: false, reason: 'wrong-credentials' }
  }
  return login
}

/**
 * What is no address cannot have an account, but is counted and costs like one
 * without. It is not written down: it may be a password in the wrong field.
 */
async function nameNoAddress({ keyring }: Services, text: string): Promise<string> {
  return `not an address: ${await keyring.pseudonym(text)}`
}

interface LoginTarget {
  addressKey: string
  device: string | null
}

async function begin(
  services: Services,
  { email, client }: LoginForm,
  { addressKey, device }: LoginTarget,
) {
  const { config, keyring, sessions, clock } = services
  return sessions.beginLogin({
    ...limitsOfPassword(config.limits, client, addressKey),
    ...{ addressKey, knownAs: device, client },
    accountId: null,
    address: masked(email),
    decoyAt: await keyring.pseudonym(addressKey),
    now: clock(),
  })
}

/**
 * The account when the password is its own, with the hash brought up to date;
 * else null. Disabled and unknown accounts cost what others cost.
 */
async function verify(
  services: Services,
  place: PasswordPlace,
  { password, account, decoy }: { password: string } & BegunLogin,
) {
  const plausible = isPlausiblePassword(password)
  const mayEnter = plausible && account !== null && account.disabledAt === null
  const stored = account?.passwordHash ?? decoy
  const attempt = { password: plausible ? password : '', stored, mayEnter }
  const { ok, upgrade } = await verifyInTurn(place, attempt)
  if (!ok || !mayEnter) return null
  if (upgrade !== null) await services.accounts.rehash(account, upgrade)
  return account
}

interface Attempt {
  password: string
  stored: string | null
  mayEnter: boolean
}

/** The second hash is for whoever gets in: it would tell others that the password is right. */
async function verifyInTurn(place: PasswordPlace, { password, stored, mayEnter }: Attempt) {
  using turn = await place.turn()
  const { ok, outdated } = await turn.verify(password, stored)
  return { ok, upgrade: outdated && mayEnter ? turn.hash(password) : null }
}

async function startSession(
  services: Services,
  { client, sessionSecret }: LoginForm,
  { account, device }: { account: Account; device: string | null },
) {
  const { config, keyring, random, sessions, clock } = services
  const { secret, session } = await newSessionSecret(random)
  const now = clock()
  const started = await sessions.start({
    ...{ account, session, device, client, now },
    replaces: sessionSecret === undefined ? null : await hashSessionSecret(sessionSecret),
    perClientAndAddress: limitOf.password(config.limits, client, account.addressKey),
  })
  if (!started) return null
  const name = device ?? newId(random)
  const deviceCookie = await mintDeviceCookie(keyring, account.addressKey, name, now)
  return { ok: true as const, secret, deviceCookie, account }
}

function failure({ clock }: Services, form: LoginForm, account: Account | null) {
  return {
    event: 'login-failed' as const,
    accountId: account?.id ?? null,
    address: masked(form.email),
    client: form.client,
    at: clock(),
  }
}

/** Null for what is no address: it may be anything, also a password in the wrong field. */
function masked(email: string): string | null {
  const address = parseAddress(email)
  return address && maskAddress(address.key)
}
