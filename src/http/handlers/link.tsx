import { openResetLink, redeemResetLink, refuseLink } from '../../account/recovery.ts'
import { openRegisterLink, register } from '../../account/registration.ts'
import type { PasswordFieldsProblem } from '../../../templates/pages/index.ts'
import type { AppContext } from '../context.ts'
import { readForm } from '../form.ts'

export async function showNewPassword(c: AppContext) {
  const account = await openResetLink(c.var.services, tokenOf(c))
  return account === null ? deadLink(c, 'reset') : newPasswordPage(c, account.address)
}

export async function submitNewPassword(c: AppContext) {
  const { password, confirm_password } = await readForm(c, ['password', 'confirm_password'])
  if (password !== confirm_password) return mismatchedReset(c)
  const { services, client, view } = c.var
  const redemption = { token: tokenOf(c), password, client, locale: view.locale }
  const outcome = await redeemResetLink(services, redemption)
  if (outcome.ok) return c.redirect(`${view.paths.login}?notice=password-changed`, 303)
  if (outcome.reason === 'dead-link') return deadLink(c, 'reset')
  return newPasswordPage(c, outcome.account.address, outcome.problem)
}

async function mismatchedReset(c: AppContext) {
  const account = await openResetLink(c.var.services, tokenOf(c))
  if (account === null) return refusedLink(c, 'reset')
  return newPasswordPage(c, account.address, 'mismatch')
}

export async function showConfirmRegistration(c: AppContext) {
  const link = await openRegisterLink(c.var.services, tokenOf(c))
  return link.ok ? confirmPage(c, link.registration.address) : closedRegistration(c, link.reason)
}

export async function submitConfirmRegistration(c: AppContext) {
  const fields = ['username', 'password', 'confirm_password'] as const
  const { username, password, confirm_password } = await readForm(c, fields)
  if (password !== confirm_password) return mismatchedRegistration(c, username)
  const { services, client, view } = c.var
  const outcome = await register(services, { token: tokenOf(c), username, password, client })
  if (outcome.ok) return c.redirect(`${view.paths.login}?notice=registered`, 303)
  if (outcome.reason !== 'refused') return closedRegistration(c, outcome.reason)
  const { registration, problems } = outcome
  return confirmPage(c, registration.address, { username, problems })
}

async function mismatchedRegistration(c: AppContext, username: string) {
  const link = await openRegisterLink(c.var.services, tokenOf(c))
  if (!link.ok && link.reason === 'dead-link') return refusedLink(c, 'register')
  if (!link.ok) return closedRegistration(c, link.reason)
  const problems = { password: 'mismatch' } as const
  return confirmPage(c, link.registration.address, { username, problems })
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

async function refusedLink(c: AppContext, purpose: 'reset' | 'register') {
  await refuseLink(c.var.services, c.var.client)
  return deadLink(c, purpose)
}

function deadLink(c: AppContext, purpose: 'reset' | 'register') {
  const { view, services } = c.var
  return c.html(<services.pages.deadLink view={view} purpose={purpose} />, 410)
}

function closedRegistration(c: AppContext, reason: 'dead-link' | 'has-account') {
  if (reason === 'dead-link') return deadLink(c, 'register')
  const { view, services } = c.var
  return c.html(<services.pages.hasAccount view={view} />, 410)
}

function tokenOf(c: AppContext): string {
  return c.req.param('token') ?? ''
}
