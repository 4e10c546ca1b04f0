/** Asking for links and redeeming them, over JSON. */
import { type EmailAddress, parseAddress } from '../../account/address.ts'
import type { RefusedEntry } from '../../account/link-post.ts'
import {
  enterResetLink,
  redeemResetLink,
  requestRegistration,
  requestReset,
} from '../../account/recovery.ts'
import {
  enterRegisterLink,
  type RegistrationProblems,
  register,
} from '../../account/registration.ts'
import type { AppContext } from '../context.ts'
import { readJson } from './body.ts'
import { Problem } from './problem.ts'
import { type Answer, schemas } from './schemas.ts'
import { describeProblem } from './words.ts'

export async function askRegistration(c: AppContext) {
  const { email } = await readJson(c, schemas.Ask)
  if (c.var.services.config.registration === 'closed') throw new Problem('registration-closed')
  return ask(c, requestRegistration, toAddress(c, email))
}

export async function askPasswordReset(c: AppContext) {
  const { email } = await readJson(c, schemas.Ask)
  return ask(c, requestReset, toAddress(c, email))
}

export async function confirmRegistration(c: AppContext) {
  const { token, username, password } = await readJson(c, schemas.RegistrationConfirmation)
  const { services, client } = c.var
  const entered = await enterRegisterLink(services, { token, client })
  if (!entered.ok) throw refuseEntry(entered)
  const outcome = await register(services, { ...entered.link, username, password, client })
  if (outcome.ok) return c.json({ account: toAccountAnswer(outcome.account) }, 201)
  if (outcome.reason === 'refused') throw refuse(c, outcome.problems)
  throw new Problem(outcome.reason)
}

export async function confirmPasswordReset(c: AppContext) {
  const { token, password } = await readJson(c, schemas.PasswordResetConfirmation)
  const { services, client, view } = c.var
  const { locale } = view
  const entered = await enterResetLink(services, { token, client })
  if (!entered.ok) throw refuseEntry(entered)
  const outcome = await redeemResetLink(services, { ...entered.link, password, locale, client })
  if (outcome.ok) return c.body(null, 204)
  if (outcome.reason === 'weak-password') throw refuse(c, { password: outcome.problem })
  throw new Problem(outcome.reason)
}

/** An account as those see it who may. */
export function toAccountAnswer(account: {
  id: string
  address: string
  username: string
}): Answer<'Account'> {
  return { id: account.id, email: account.address, username: account.username }
}

export function refuse(c: AppContext, reasons: RegistrationProblems): Problem {
  const errors = Object.entries(reasons).map(([field, reason]) => describeProblem(c, field, reason))
  return new Problem('refused', { errors })
}

function refuseEntry(entry: RefusedEntry | { reason: 'has-account' }): Problem {
  return entry.reason === 'throttled'
    ? new Problem('throttled', { retryAfter: entry.retryAfter })
    : new Problem(entry.reason)
}

function toAddress(c: AppContext, email: string): EmailAddress {
  const address = parseAddress(email)
  const reason = email.trim() === '' ? 'missing' : 'not-an-address'
  if (address === null) {
    throw new Problem('refused', { errors: [describeProblem(c, 'email', reason)] })
  }
  return address
}

async function ask(c: AppContext, request: typeof requestReset, address: EmailAddress) {
  const { services, client, view } = c.var
  const admission = await request(services, { address, client, locale: view.locale })
  if (!admission.ok) throw new Problem('throttled', admission)
  return c.json({}, 202)
}
