import type { RefusedEntry } from '../../account/link-post.ts'
import { enterResetLink, openResetLink, redeemResetLink } from '../../account/recovery.ts'
import { enterRegisterLink, openRegisterLink, register } from '../../account/registration.ts'
import type { PasswordFieldsProblem } from '../../../templates/pages/index.ts'
import type { AppContext } from '../context.ts'
import { readForm } from '../form.ts'
import { Refusal } from '../refusal.ts'

export async function showNewPassword(c: AppContext) {
  const account = await openResetLink(c.var.services, tokenOf(c))
  return account === null ? deadLink(c, 'reset') : newPasswordPage(c, account.address)
}

export async function submitNewPassword(c: AppContext) {
  const { password, confirm_password } = await readForm(c, ['password', 'confirm_password'])
  const { services, client, view } = c.var
  const entered = await enterResetLink(services, { token: tokenOf(c), client })
  if (!entered.ok) return refusedPost(c, 'reset', entered)
  const { address } = entered.link.account
  if (password !== confirm_password) return newPasswordPage(c, address, 'mismatch')
  const redemption = { ...entered.link, password, client, locale: view.locale }
  const outcome = await redeemResetLink(services, redemption)
  if (outcome.ok) return c.redirect(`${view.paths.login}?notice=password-changed`, 303)
  if (outcome.reason === 'dead-link') return deadLink(c, 'reset')
  return newPasswordPage(c, address, outcome.problem)
}

export async function showConfirmRegistration(c: AppContext) {
  const link = await openRegisterLink(c.var.services, tokenOf(c))
  if (link.ok) return confirmPage(c, link.registration.address)
  return link.reason === 'has-account' ? hasAccount(c) : deadLink(c, 'register')
}

export async function submitConfirmRegistration(c: AppContext) {
  const fields = ['username', 'password', 'confirm_password'] as const
  const { username, password, confirm_password } = await readForm(c, fields)
  const { services, client, view } = c.var
  const entered = await enterRegisterLink(services, { token: tokenOf(c), client })
  if (!entered.ok && entered.reason === 'has-account') return hasAccount(c)
  if (!entered.ok) return refusedPost(c, 'register', entered)
  const { address } = entered.link.registration
  const again = (problems: RefusedRegistration['problems']) =>
    confirmPage(c, address, { username, problems })
  if (password !== confirm_password) return again({ password: 'mismatch' })
  const outcome = await register(services, { ...entered.link, username, password, client })
  if (outcome.ok) return c.redirect(`${view.paths.login}?notice=registered`, 303)
  return outcome.reason === 'has-account' ? hasAccount(c) : again(outcome.problems)
}

function newPasswordPage(c: AppContext, address: string, problem?: PasswordFieldsProblem) {
  const { view, services } = c.var
  const props = {
    view,
    address,
    action: `${view.paths.reset}/${tokenOf(c)}`,
    minLength: services.config.passwordMinLength,
    ...(problem && { problem }),
  }
  return c.html(<services.pages.newPassword {...props} />, problem === undefined ? 200 : 422)
}

interface RefusedRegistration {
  username: string
  problems: { username?: 'missing' | 'too-long'; password?: PasswordFieldsProblem }
}

function confirmPage(c: AppContext, address: string, refused?: RefusedRegistration) {
  const { view, services } = c.var
  const props = {
    view,
    address,
    action: `${view.paths.register}/${tokenOf(c)}`,
    minLength: services.config.passwordMinLength,
    ...refused,
  }
  return c.html(
    <services.pages.confirmRegistration {...props} />,
    refused === undefined ? 200 : 422,
  )
}

function refusedPost(c: AppContext, purpose: 'reset' | 'register', entry: RefusedEntry) {
  if (entry.reason === 'throttled') throw new Refusal('throttled', entry)
  return deadLink(c, purpose)
}

function deadLink(c: AppContext, purpose: 'reset' | 'register') {
  const { view, services } = c.var
  return c.html(<services.pages.deadLink view={view} purpose={purpose} />, 410)
}

function hasAccount(c: AppContext) {
  const { view, services } = c.var
  return c.html(<services.pages.hasAccount view={view} />, 410)
}

function tokenOf(c: AppContext): string {
  return c.req.param('token') ?? ''
}
