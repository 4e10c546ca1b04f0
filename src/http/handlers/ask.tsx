import type { Next } from 'hono'
import { type EmailAddress, parseAddress } from '../../account/address.ts'
import { requestRegistration, requestReset } from '../../account/recovery.ts'
import type { AddressProblem } from '../../../templates/pages/index.ts'
import type { AppContext } from '../context.ts'
import { readForm } from '../form.ts'
import { Refusal } from '../refusal.ts'
import { renderOnce } from '../render-once.ts'

export function showAskReset(c: AppContext) {
  const { view, services } = c.var
  const props = notice(c)
  const page = () => <services.pages.askReset view={view} {...props} />
  return renderOnce(c, `reset ${props.notice}`, page)
}

export async function submitAskReset(c: AppContext) {
  const { email } = await readForm(c, ['email'])
  const { view, services } = c.var
  const address = parseAddress(email)
  if (address === null) {
    const props = { email, ...problem(email) }
    return c.html(<services.pages.askReset view={view} {...props} />, 422)
  }
  await ask(c, requestReset, address)
  return c.redirect(view.paths.resetSent, 303)
}

export function showRegister(c: AppContext) {
  const { view, services } = c.var
  const props = { closed: isClosed(c), ...notice(c) }
  const page = () => <services.pages.register view={view} {...props} />
  return renderOnce(c, `register ${props.closed} ${props.notice}`, page)
}

export async function submitRegister(c: AppContext) {
  const { email } = await readForm(c, ['email'])
  const { view, services } = c.var
  if (isClosed(c)) return c.html(<services.pages.register view={view} closed />, 422)
  const address = parseAddress(email)
  if (address === null) {
    const props = { email, closed: false, ...problem(email) }
    return c.html(<services.pages.register view={view} {...props} />, 422)
  }
  await ask(c, requestRegistration, address)
  return c.redirect(view.paths.registerSent, 303)
}

/**
 * Stands before the page of a link, whose token no link of ours is. A path of its own beside
 * a parameter would be too much for Hono's router that is one regular expression, and each
 * request of any page would be matched by its slow one.
 */
export function showSent(purpose: 'reset' | 'register') {
  return function showSent(c: AppContext, next: Next) {
    if (c.req.param('token') !== 'sent') return next()
    const { view, services } = c.var
    const ttl = services.config.resetTokenTtl
    const page = () => <services.pages.sent view={view} purpose={purpose} ttl={ttl} />
    return renderOnce(c, `sent ${purpose}`, page)
  }
}

async function ask(c: AppContext, request: typeof requestReset, address: EmailAddress) {
  const { services, client, view } = c.var
  const admission = await request(services, { address, client, locale: view.locale })
  if (!admission.ok) throw new Refusal('throttled', admission)
}

function isClosed(c: AppContext): boolean {
  return c.var.services.config.registration === 'closed'
}

function problem(email: string): { problem: AddressProblem } {
  return { problem: email.trim() === '' ? 'emailMissing' : 'email' }
}

function notice(c: AppContext): { notice?: 'open-link-again' } {
  return c.req.query('notice') === 'open-link-again' ? { notice: 'open-link-again' } : {}
}
