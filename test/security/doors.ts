/**
 * The two doors of the service, forms and JSON, as one thing: what holds for
 * one holds for the other, so tests of either are written once.
 */
import { full } from '../full.ts'
import type { Runtime } from '../journeys/runtimes.ts'
import type { Answer, Visitor } from '../visitor.ts'

type Headers = Record<string, string>

export interface Door {
  ask(from: Visitor, email: string, headers?: Headers): Promise<Answer>
  register(from: Visitor, email: string, headers?: Headers): Promise<Answer>
  logIn(from: Visitor, email: string, password: string, headers?: Headers): Promise<Answer>
  redeem(from: Visitor, token: string, password: string): Promise<Answer>
  confirm(from: Visitor, token: string, password: string): Promise<Answer>
  /** In the session of the cookie that the visitor has. */
  changePassword(from: Visitor, current: string, password: string): Promise<Answer>
  endSession(from: Visitor, id: string): Promise<Answer>
  logOut(from: Visitor): Promise<Answer>
  /** By the cookie that the visitor has. */
  isSignedIn(from: Visitor): Promise<boolean>
}

const forms: Door = {
  ask: (from, email, headers) => from.post('/reset_password', { email }, headers),
  register: (from, email, headers) => from.post('/register', { email }, headers),
  logIn: (from, email, password, headers) => from.post('/login', { email, password }, headers),
  redeem: (from, token, password) =>
    from.post(`/reset_password/${token}`, { password, confirm_password: password }),
  confirm: (from, token, password) =>
    from.post(`/register/${token}`, { username: 'Ana', password, confirm_password: password }),
  changePassword: (from, current_password, password) =>
    from.post('/account/password', { current_password, password, confirm_password: password }),
  endSession: (from, session) => from.post('/account/sessions/revoke', { session }),
  logOut: (from) => from.post('/logout', {}),
  isSignedIn: async (from) => (await from.get('/account')).status === 200,
}

const json: Door = {
  ask: (from, email, headers) => sendJson(from, 'POST', '/password-resets', { email }, headers),
  register: (from, email, headers) => sendJson(from, 'POST', '/registrations', { email }, headers),
  logIn: (from, email, password, headers) =>
    sendJson(from, 'POST', '/sessions', { email, password }, headers),
  redeem: (from, token, password) =>
    sendJson(from, 'POST', '/password-resets/confirm', { token, password }),
  confirm: (from, token, password) =>
    sendJson(from, 'POST', '/registrations/confirm', { token, username: 'Ana', password }),
  changePassword: (from, current_password, password) =>
    sendJson(from, 'PUT', '/account/password', { current_password, password }),
  endSession: (from, id) => sendDelete(from, `/account/sessions/${id}`),
  logOut: (from) => sendDelete(from, '/sessions/current'),
  isSignedIn: async (from) => (await from.get('/api/v1/account')).status === 200,
}

function sendDelete(from: Visitor, path: string) {
  const headers = { 'Sec-Fetch-Site': 'same-origin' }
  return from.send(`/api/v1${path}`, { method: 'DELETE', headers })
}

function sendJson(
  from: Visitor,
  method: string,
  path: string,
  body: object,
  headers: Headers = {},
) {
  return from.send(`/api/v1${path}`, {
    method,
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin', ...headers },
  })
}

export const doors = [
  ['a form', forms],
  ['JSON', json],
] as const

export type DoorName = (typeof doors)[number][0]

/**
 * The doors that a case is tried by on a runtime. What is behind them is the same code on both, so
 * without FULL it is one of them on workerd and the other on Deno: each case meets both runtimes and
 * both doors. Which is where is for a file to say, so that each door meets both runtimes, too.
 */
export function doorsOn(runtime: Runtime, onWorkerd: DoorName = 'a form') {
  return doors.filter(([name]) => full || (name === onWorkerd) === (runtime === 'workerd'))
}

/** Which door the so-many-th request goes through. */
export type Way = (index: number) => Door

export const inTurn: Way = (index) => (index % 2 === 0 ? forms : json)

const eachAlone: [string, Way][] = [
  ['forms', () => forms],
  ['JSON', () => json],
]

/** By turns shows that both are limited, and by the same limit; each alone is the same once more, and for FULL. */
export const ways: [string, Way][] = [['both in turn', inTurn], ...(full ? eachAlone : [])]

/** By what it says, whichever door said it. */
export function outcomeOf({ status }: Answer): string {
  if (status === 303 || (status >= 200 && status < 300)) return 'taken'
  return { 401: 'refused', 410: 'dead', 429: 'throttled' }[status] ?? String(status)
}

export function outcomesOf(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const outcome of answers.map(outcomeOf)) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

/** In how many seconds to come back; throws for whatever is not a 429 that says so. */
export function waitOf({ status, headers }: Answer): number {
  const wait = Number(headers.get('Retry-After'))
  if (status !== 429 || !(wait > 0)) throw new Error(`Not throttled: ${status}, ${wait} s`)
  return wait
}
