/** Sessions, and what somebody may do who is signed in, over JSON. */
import * as v from 'valibot'
import { logIn } from '../../account/login.ts'
import { changePassword, logOut, SESSION_ABSOLUTE } from '../../account/session.ts'
import type { AppContext } from '../context.ts'
import {
  clearSessionCookie,
  readDeviceCookie,
  setDeviceCookie,
  setSessionCookie,
} from '../cookies.ts'
import { bearerOf } from '../session-of.ts'
import { refuse, toAccountAnswer } from './accounts.ts'
import { readJson } from './body.ts'
import { Problem } from './problem.ts'
import { type Answer, schemas } from './schemas.ts'

/** A browser that logs in over JSON is known the next time, but its pages stay as they were. */
export async function createSession(c: AppContext) {
  const { email, password } = await readJson(c, schemas.Credentials)
  const { services, client } = c.var
  const bearer = bearerOf(c.req.raw)
  const deviceCookie = bearer === undefined ? readDeviceCookie(c) : undefined
  const expiresAt = expiryOf(services.clock())
  const form = { email, password, client, deviceCookie, sessionSecret: bearer }
  const outcome = await logIn(services, form)
  if (!outcome.ok) {
    throw new Problem(outcome.reason, outcome.reason === 'throttled' ? outcome : {})
  }
  if (bearer === undefined) setDeviceCookie(c, outcome.deviceCookie)
  const account = toAccountAnswer(outcome.account)
  const answer = { token: outcome.secret, expires_at: expiresAt, account }
  return c.json(answer satisfies Answer<'NewSession'>, 201)
}

export async function endOwnSession(c: AppContext) {
  await logOut(c.var.services, c.var.session, c.var.client)
  if (bearerOf(c.req.raw) === undefined) clearSessionCookie(c)
  return c.body(null, 204)
}

export function showAccount(c: AppContext) {
  return c.json({ account: toAccountAnswer(c.var.session.account) })
}

export async function listSessions(c: AppContext) {
  const { services, session } = c.var
  const found = await services.sessions.list(session.account.id, services.clock())
  const sessions: Answer<'Session'>[] = found.map(({ id, createdAt, lastSeenAt, device }) => ({
    id,
    current: id === session.id,
    created_at: toInstant(createdAt),
    last_seen_at: toInstant(lastSeenAt),
    ...device,
  }))
  return c.json({ sessions })
}

export async function endSession(c: AppContext) {
  const { services, session, client } = c.var
  const ending = { event: 'sessions-ended', client, now: services.clock() } as const
  const id = v.safeParse(schemas.Id, c.req.param('id'))
  const ended = id.success && (await services.sessions.end(session.account.id, id.output, ending))
  if (!ended) throw new Problem('not-found')
  return c.body(null, 204)
}

/** Who came by a cookie gets the new session in both places, or the browser would be logged out. */
export async function replacePassword(c: AppContext) {
  const form = await readJson(c, schemas.PasswordChange)
  const { services, session, client, view } = c.var
  const { current_password: currentPassword, password } = form
  const expiresAt = expiryOf(services.clock())
  const { locale } = view
  const change = { currentPassword, password, locale, client }
  const outcome = await changePassword(services, session, change)
  if (!outcome.ok) {
    if (outcome.reason === 'weak-password') throw refuse(c, { password: outcome.problem })
    throw new Problem(outcome.reason, outcome.reason === 'throttled' ? outcome : {})
  }
  if (bearerOf(c.req.raw) === undefined) setSessionCookie(c, outcome.secret)
  return c.json({ token: outcome.secret, expires_at: expiresAt })
}

function expiryOf(now: number): string {
  return toInstant(now + SESSION_ABSOLUTE)
}

/** RFC 3339, in UTC, to the second. */
function toInstant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}
