import { logIn } from '../../account/login.ts'
import { logOut } from '../../account/session.ts'
import type { LoginPageProps } from '../../../templates/pages/index.ts'
import { type AppContext, currentSession } from '../context.ts'
import {
  clearSessionCookie,
  readDeviceCookie,
  readSessionCookie,
  setDeviceCookie,
  setSessionCookie,
} from '../cookies.ts'
import { readForm } from '../form.ts'
import { Refusal } from '../refusal.ts'
import { renderOnce } from '../render-once.ts'

export async function goHome(c: AppContext) {
  const { paths } = c.var.view
  return c.redirect((await currentSession(c)) === null ? paths.login : paths.account, 303)
}

export function showLogin(c: AppContext) {
  const { view, services } = c.var
  const notice = toNotice(c.req.query('notice'))
  const page = () => <services.pages.login view={view} {...(notice && { notice })} />
  return renderOnce(c, `login ${notice}`, page)
}

export async function submitLogin(c: AppContext) {
  const { email, password, problem } = await readForm(c, ['email', 'password', 'problem'])
  const shown = toProblem(problem)
  if (shown !== undefined) return refuse(c, { email, problem: shown }, 200)
  if (email === '' || password === '') return refuse(c, { email, problem: 'missing' }, 422)
  const { services, client, view } = c.var
  const outcome = await logIn(services, {
    email,
    password,
    client,
    deviceCookie: readDeviceCookie(c),
    sessionSecret: readSessionCookie(c.req.raw, services.config),
  })
  if (!outcome.ok) {
    if (outcome.reason === 'throttled') throw new Refusal('throttled', outcome)
    return refuse(c, { email, problem: 'wrong' }, 401)
  }
  setSessionCookie(c, outcome.secret)
  setDeviceCookie(c, outcome.deviceCookie)
  return c.redirect(view.paths.account, 303)
}

export async function submitLogout(c: AppContext) {
  await readForm(c, [])
  const session = await currentSession(c)
  if (session !== null) await logOut(c.var.services, session, c.var.client)
  clearSessionCookie(c)
  return c.redirect(c.var.view.paths.login, 303)
}

function refuse(c: AppContext, props: Omit<LoginPageProps, 'view'>, status: 200 | 401 | 422) {
  const { view, services } = c.var
  return c.html(<services.pages.login view={view} {...props} />, status)
}

/** Of a page that was refused before, and is asked for in another language. */
function toProblem(text: string): LoginPageProps['problem'] {
  return text === 'wrong' || text === 'missing' ? text : undefined
}

function toNotice(text: string | undefined): LoginPageProps['notice'] {
  return text === 'registered' || text === 'password-changed' ? text : undefined
}
