/**
 * Registration: the mailbox is proven first, then its owner chooses a name and
 * a password. No password is ever stored for an address nobody has proven, so
 * nobody can prepare an account for somebody else.
 */
import type { Client } from './client.ts'
import { limitOf } from './limits.ts'
import {
  type EnteredLink,
  type LinkPost,
  type RefusedEntry,
  refuseLink,
  useLink,
} from './link-post.ts'
import { type RegisterToken, verifyRegisterToken } from './link-token.ts'
import { findPasswordProblem, type PasswordProblem } from './password-policy.ts'
import { newId } from './random.ts'
import { contextOf } from './recovery.ts'
import type { AskedRegistration, Services } from './services.ts'
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
  const { keyring, outbox, clock } = services
  const link = await verifyRegisterToken(keyring, token, clock())
  return toLink(link, link && (await outbox.findRegistration(link.registration)))
}

export interface EnteredRegistration extends EnteredLink {
  registration: OpenRegistration
}

export type RegistrationEntry =
  | { ok: true; link: EnteredRegistration }
  | { ok: false; reason: 'has-account' }
  | RefusedEntry

/** The same for a post to the link: counted per client, and audited when the link is dead. */
export async function enterRegisterLink(
  services: Services,
  { token, client }: LinkPost,
): Promise<RegistrationEntry> {
  const { keyring, outbox, limits, linkUses, config, clock } = services
  const usesBefore = linkUses.count
  const hit = { limit: limitOf.link(config.limits, client), now: clock() }
  const link = await verifyRegisterToken(keyring, token, hit.now)
  const { admission, found } = link
    ? await outbox.findRegistrationCounted(link.registration, hit)
    : { admission: await limits.count(hit.limit, hit.now), found: null }
  if (!admission.ok) return admission
  const opened = toLink(link, found)
  if (opened.ok) {
    const { registration } = opened
    return { ok: true, link: { registration, token, usesBefore } }
  }
  const { reason } = opened
  return reason === 'has-account' ? { ok: false, reason } : refuseLink(services, client)
}

function toLink(link: RegisterToken | null, asked: AskedRegistration | null): RegisterLink {
  if (link === null || asked === null) return { ok: false, reason: 'dead-link' }
  const { address, addressKey, taken } = asked
  if (taken) return { ok: false, reason: 'has-account' }
  return { ok: true, registration: { id: link.registration, address, addressKey } }
}

export interface RegistrationProblems {
  username?: 'missing' | 'too-long'
  password?: PasswordProblem
}

export type RegisterOutcome =
  | { ok: true; account: { id: string; address: string; username: string } }
  | { ok: false; reason: 'has-account' }
  | { ok: false; reason: 'refused'; problems: RegistrationProblems }

export interface RegistrationForm extends EnteredRegistration {
  username: string
  password: string
  client: Client
}

/** Makes the account of a proven mailbox; `UNIQUE(address_key)` decides between two links. */
export async function register(
  services: Services,
  form: RegistrationForm,
): Promise<RegisterOutcome> {
  const { registration } = form
  const problems = await findProblems(services, registration, form)
  const username = parseUsername(form.username)
  if (!username.ok || problems !== null) {
    return { ok: false, reason: 'refused', problems: problems ?? {} }
  }
  const id = newId(services.random)
  const made = await makeAccount(services, id, { ...form, username: username.name })
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
  { registration: { id: registration, addressKey }, username, client, ...use }: RegistrationForm,
): Promise<boolean> {
  const { accounts, clock } = services
  const account = { id, registration, addressKey, username }
  return useLink(services, {
    ...use,
    isStillOpen: async () => (await openRegisterLink(services, use.token)).ok,
    claim: (passwordHash) => accounts.register({ ...account, passwordHash, client, now: clock() }),
  })
}
