/**
 * Registration: the mailbox is proven first, then its owner chooses a name and
 * a password. No password is ever stored for an address nobody has proven, so
 * nobody can prepare an account for somebody else.
 */
import type { Client } from './client.ts'
import { verifyRegisterToken } from './link-token.ts'
import { findPasswordProblem, type PasswordProblem } from './password-policy.ts'
import { newId } from './random.ts'
import { contextOf, refuseLink } from './recovery.ts'
import type { Services } from './services.ts'
import { parseUsername } from './username.ts'

export interface OpenRegistration {
  id: string
  address: string
  addressKey: string
}

export type RegisterLink =
  | { ok: true; registration: OpenRegistration }
  | { ok: false; reason: 'dead-link' | 'has-account' }

/** Whose registration a link may finish; says so when the address has an account by now. */
export async function openRegisterLink(services: Services, token: string): Promise<RegisterLink> {
  const { keyring, outbox, accounts, clock } = services
  const link = await verifyRegisterToken(keyring, token, clock())
  const asked = link && (await outbox.findRegistration(link.registration))
  if (link === null || asked === null) return { ok: false, reason: 'dead-link' }
  const taken = (await accounts.findByAddressKey(asked.addressKey)) !== null
  if (taken) return { ok: false, reason: 'has-account' }
  return { ok: true, registration: { id: link.registration, ...asked } }
}

export interface RegistrationProblems {
  username?: 'missing' | 'too-long'
  password?: PasswordProblem
}

export type RegisterOutcome =
  | { ok: true; account: { id: string; address: string; username: string } }
  | { ok: false; reason: 'dead-link' | 'has-account' }
  | { ok: false; reason: 'refused'; problems: RegistrationProblems; registration: OpenRegistration }

export interface RegistrationForm {
  token: string
  username: string
  password: string
  client: Client
}

/** Makes the account of a proven mailbox; `UNIQUE(address_key)` decides between two links. */
export async function register(
  services: Services,
  form: RegistrationForm,
): Promise<RegisterOutcome> {
  const link = await openRegisterLink(services, form.token)
  if (!link.ok) return link.reason === 'dead-link' ? refuseLink(services, form.client) : link
  const { registration } = link
  const problems = await findProblems(services, registration, form)
  const username = parseUsername(form.username)
  if (!username.ok || problems !== null) {
    return { ok: false, reason: 'refused', problems: problems ?? {}, registration }
  }
  const id = newId(services.random)
  const made = await makeAccount(services, id, registration, { ...form, username: username.name })
  if (!made) return { ok: false, reason: 'has-account' }
  return { ok: true, account: { id, address: registration.address, username: username.name } }
}

async function findProblems(
  services: Services,
  { address }: OpenRegistration,
  form: RegistrationForm,
): Promise<RegistrationProblems | null> {
  const username = parseUsername(form.username)
  const context = contextOf(services, { address, username: form.username })
  const password = await findPasswordProblem(form.password, context, services.passwordSources)
  if (username.ok && password === null) return null
  return {
    ...(username.ok ? {} : { username: username.problem }),
    ...(password === null ? {} : { password }),
  }
}

async function makeAccount(
  services: Services,
  id: string,
  { id: registration, addressKey }: OpenRegistration,
  { token, username, password, client }: RegistrationForm,
): Promise<boolean> {
  const passwordHash = await hashIfStillOpen(services, token, password)
  if (passwordHash === null) return false
  const { accounts, clock } = services
  const account = { id, registration, addressKey, username, passwordHash }
  return accounts.register({ ...account, client, now: clock() })
}

/** The link is looked at again once it is our turn: while we waited, another post may have used it. */
async function hashIfStillOpen(services: Services, token: string, password: string) {
  using turn = await services.passwords.turn()
  const stillOpen = (await openRegisterLink(services, token)).ok
  return stillOpen ? turn.hash(password) : null
}
