import { changePassword } from '../../account/session.ts'
import type { AccountPageProps } from '../../../templates/pages/index.ts'
import type { AppContext } from '../context.ts'
import { setSessionCookie } from '../cookies.ts'
import { readForm } from '../form.ts'
import { Refusal } from '../refusal.ts'

export function showAccount(c: AppContext) {
  const changed = c.req.query('notice') === 'password-changed'
  return accountPage(c, changed ? { notice: 'password-changed' } : {}, 200)
}

export async function submitPassword(c: AppContext) {
  const fields = ['current_password', 'password', 'confirm_password'] as const
  const form = await readForm(c, fields)
  const { services, session, client, view } = c.var
  const { password, current_password: currentPassword } = form
  if (password !== form.confirm_password) return accountPage(c, { problem: 'mismatch' }, 422)
  const { locale } = view
  const change = { currentPassword, password, locale, client }
  const outcome = await changePassword(services, session, change)
  if (outcome.ok) {
    setSessionCookie(c, outcome.secret)
    return c.redirect(`${view.paths.account}?notice=password-changed`, 303)
  }
  if (outcome.reason === 'throttled') throw new Refusal('throttled', outcome)
  if (outcome.reason === 'signed-out') throw new Refusal('signed-out')
  if (outcome.reason === 'wrong-password')
    return accountPage(c, { problem: 'currentPassword' }, 401)
  return accountPage(c, { problem: outcome.problem }, 422)
}

export async function revokeSessions(c: AppContext) {
  const form = await readForm(c, ['session', 'all'])
  const { services, session, client, view } = c.var
  const { sessions, clock } = services
  const ending = { event: 'sessions-ended', client, now: clock() } as const
  if (form.all === '1') await sessions.endOthers(session.account.id, session.id, ending)
  else if (form.session !== '') await sessions.end(session.account.id, form.session, ending)
  else throw new Refusal('bad-request')
  return c.redirect(view.paths.account, 303)
}

type AccountPageState = Pick<AccountPageProps, 'notice' | 'problem'>

async function accountPage(c: AppContext, state: AccountPageState, status: 200 | 401 | 422) {
  const { services, session, view } = c.var
  const now = services.clock()
  const sessions = await services.sessions.list(session.account.id, now)
  const entries = sessions.map(({ id, lastSeenAt, device }) => {
    return { id, current: id === session.id, lastSeenAt, ...device }
  })
  const props: AccountPageProps = {
    view,
    username: session.account.username,
    address: session.account.address,
    minLength: services.config.passwordMinLength,
    sessions: entries,
    now,
    ...state,
  }
  return c.html(<services.pages.account {...props} />, status)
}
