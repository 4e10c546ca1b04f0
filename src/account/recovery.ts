/**
 * Recovery: from "I forgot my password" to a new one.
 *
 * Asking looks at no account. Opening a link changes nothing. Redeeming hashes
 * first and claims then, in one batch, so that of many posts of one link one
 * wins and a Worker that is killed while hashing burns no link.
 */
import type { EmailAddress } from './address.ts'
import type { Client } from './client.ts'
import { IMPORTED_CREDENTIAL_VERSION } from './imported-account.ts'
import { verifyLegacyLink } from './legacy-link.ts'
import {
  type EnteredLink,
  type LinkPost,
  type RefusedEntry,
  refuseLink,
  useLink,
} from './link-post.ts'
import { type ResetToken, verifyResetToken } from './link-token.ts'
import { type Admission, limitOf } from './limits.ts'
import { findPasswordProblem, type PasswordProblem } from './password-policy.ts'
import { newId } from './random.ts'
import type { Account, PasswordChange, Services } from './services.ts'
import type { Locale } from '../../templates/locales/index.ts'

export interface Ask {
  address: EmailAddress
  locale: Locale
  client: Client
}

/**
 * Starts recovery for whoever owns `address`, if anybody does.
 *
 * Says only whether this client may go on asking: a caller that cannot see
 * whether an account exists cannot reveal it (OWASP Forgot Password, "Forgot
 * Password Request").
 */
export function requestReset(services: Services, ask: Ask): Promise<Admission> {
  return askForLink(services, 'reset', ask)
}

/** Starts a registration; as silent as `requestReset`. */
export function requestRegistration(services: Services, ask: Ask): Promise<Admission> {
  return askForLink(services, 'register', ask)
}

async function askForLink(
  { outbox, config, clock, random, wakeDelivery }: Services,
  purpose: 'reset' | 'register',
  ask: Ask,
): Promise<Admission> {
  const limit = limitOf.ask(config.limits, ask.client)
  const admission = await outbox.ask({ ...ask, id: newId(random), purpose, limit, now: clock() })
  if (admission.ok) wakeDelivery()
  return admission
}

/** The account whose password a link may change, or null: used, expired, forged and wrong look the same. */
export async function openResetLink(services: Services, token: string): Promise<Account | null> {
  return unlessDisabled(
    (await findByLink(services, token)) ?? (await findByLegacyLink(services, token)),
  )
}

function unlessDisabled(account: Account | null): Account | null {
  return account?.disabledAt === null ? account : null
}

export interface EnteredReset extends EnteredLink {
  account: Account
}

/** What `openResetLink` finds, for a post to the link: counted per client, and audited when the link is dead. */
export async function enterResetLink(
  services: Services,
  { token, client }: LinkPost,
): Promise<{ ok: true; link: EnteredReset } | RefusedEntry> {
  const { keyring, accounts, limits, linkUses, config, clock } = services
  const usesBefore = linkUses.count
  const hit = { limit: limitOf.link(config.limits, client), now: clock() }
  const link = await verifyResetToken(keyring, token, hit.now)
  const { admission, found } = link
    ? await accounts.findCounted(link.account, hit)
    : { admission: await limits.count(hit.limit, hit.now), found: null }
  if (!admission.ok) return admission
  const account = unlessDisabled(
    (link && ofVersion(found, link)) ?? (await findByLegacyLink(services, token)),
  )
  if (account === null) return refuseLink(services, client)
  return { ok: true, link: { account, token, usesBefore } }
}

async function findByLink({ keyring, accounts, clock }: Services, token: string) {
  const link = await verifyResetToken(keyring, token, clock())
  return link && ofVersion(await accounts.find(link.account), link)
}

/** A link dies with the next change of the password. */
function ofVersion(account: Account | null, { credentialVersion }: ResetToken): Account | null {
  return account?.credentialVersion === credentialVersion ? account : null
}

/** A link of the app that the account comes from is good until anything has changed here. */
async function findByLegacyLink({ config, accounts, clock }: Services, token: string) {
  if (config.legacyLinks === null) return null
  const legacyId = await verifyLegacyLink(config.legacyLinks, token, clock())
  if (legacyId === null) return null
  const account = await accounts.findByLegacyId(legacyId)
  return account?.credentialVersion === IMPORTED_CREDENTIAL_VERSION ? account : null
}

export type RedeemOutcome =
  | { ok: true }
  | { ok: false; reason: 'dead-link' }
  | { ok: false; reason: 'weak-password'; problem: PasswordProblem }

export interface Redemption extends EnteredReset {
  password: string
  locale: Locale
  client: Client
}

/** Sets a new password by a mailed link, ends every session and mails a notice. */
export async function redeemResetLink(
  services: Services,
  { account, password, locale, client, ...entered }: Redemption,
): Promise<RedeemOutcome> {
  const problem = await findPasswordProblem(
    password,
    contextOf(services, account),
    services.passwordSources,
  )
  if (problem !== null) return { ok: false, reason: 'weak-password', problem }
  const changed = await useLink(services, {
    ...entered,
    password,
    isStillOpen: async () => (await openResetLink(services, entered.token)) !== null,
    claim: (passwordHash) => replacePassword(services, { account, passwordHash, locale, client }),
  })
  if (!changed) return refuseLink(services, client)
  services.wakeDelivery()
  return { ok: true }
}

/** What no password may be little more than (ASVS 5.0 §6.2.11): the person's own words, and ours. */
export function contextOf(
  { config }: Services,
  { address, username }: Pick<Account, 'address' | 'username'>,
) {
  const words = [address, username, config.appName, config.publicUrl.hostname]
  return { minLength: config.passwordMinLength, words }
}

function replacePassword(
  { accounts, random, clock }: Services,
  change: Pick<PasswordChange, 'account' | 'passwordHash' | 'locale' | 'client'>,
): Promise<boolean> {
  return accounts.replacePassword({
    ...change,
    event: 'password-reset',
    session: null,
    noticeId: newId(random),
    now: clock(),
  })
}
