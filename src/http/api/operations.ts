/**
 * Every operation of the JSON API, described: the OpenAPI document is made
 * from this table, and a test holds each to it.
 */
import type { ProblemReason } from './problem.ts'
import type { SchemaName } from './schemas.ts'

export interface Operation {
  id: string
  method: 'get' | 'post' | 'put' | 'delete'
  /** Below /api/v1, in OpenAPI's notation. */
  path: string
  summary: string
  body?: SchemaName
  answer: { status: 200 | 201 | 202 | 204; holds?: SchemaName }
  /** Whether somebody has to be signed in. */
  session?: true
  /** Beside what anything with a body or a session may be refused for. */
  problems?: readonly ProblemReason[]
}

export const operations: readonly Operation[] = [
  {
    id: 'askRegistration',
    method: 'post',
    path: '/registrations',
    summary: 'Mails a link to go on with; the answer is the same for every address',
    body: 'Ask',
    answer: { status: 202, holds: 'Taken' },
    problems: ['registration-closed', 'throttled'],
  },
  {
    id: 'confirmRegistration',
    method: 'post',
    path: '/registrations/confirm',
    summary: 'Makes the account of a proven mailbox',
    body: 'RegistrationConfirmation',
    answer: { status: 201, holds: 'AccountAnswer' },
    problems: ['dead-link', 'has-account', 'throttled', 'overloaded'],
  },
  {
    id: 'askPasswordReset',
    method: 'post',
    path: '/password-resets',
    summary: 'Mails a link to choose a new password; the answer is the same for every address',
    body: 'Ask',
    answer: { status: 202, holds: 'Taken' },
    problems: ['throttled'],
  },
  {
    id: 'confirmPasswordReset',
    method: 'post',
    path: '/password-resets/confirm',
    summary: 'Sets a new password and ends every session',
    body: 'PasswordResetConfirmation',
    answer: { status: 204 },
    problems: ['dead-link', 'throttled', 'overloaded'],
  },
  {
    id: 'logIn',
    method: 'post',
    path: '/sessions',
    summary: 'Starts a session; the one in Authorization, if any, ends',
    body: 'Credentials',
    answer: { status: 201, holds: 'NewSession' },
    problems: ['wrong-credentials', 'throttled', 'overloaded'],
  },
  {
    id: 'logOut',
    method: 'delete',
    path: '/sessions/current',
    summary: 'Ends this session',
    answer: { status: 204 },
    session: true,
  },
  {
    id: 'readAccount',
    method: 'get',
    path: '/account',
    summary: 'Who is signed in',
    answer: { status: 200, holds: 'AccountAnswer' },
    session: true,
  },
  {
    id: 'listSessions',
    method: 'get',
    path: '/account/sessions',
    summary: 'Where somebody is signed in, last seen first',
    answer: { status: 200, holds: 'SessionsAnswer' },
    session: true,
  },
  {
    id: 'endSession',
    method: 'delete',
    path: '/account/sessions/{id}',
    summary: 'Ends one session of this account',
    answer: { status: 204 },
    session: true,
    problems: ['not-found'],
  },
  {
    id: 'changePassword',
    method: 'put',
    path: '/account/password',
    summary: 'Changes the password; every session ends, and the answer is a new one',
    body: 'PasswordChange',
    answer: { status: 200, holds: 'RenewedSession' },
    session: true,
    problems: ['wrong-password', 'throttled', 'overloaded'],
  },
]

/** Everything an operation may be refused for, but a failure of ours. */
export function problemsOf({ body, session, problems = [] }: Operation): ProblemReason[] {
  const ofBody = ['bad-request', 'too-large', 'wrong-type', 'refused'] as const
  return [
    'forbidden',
    ...(body === undefined ? [] : ofBody),
    ...(session === undefined ? [] : (['signed-out'] as const)),
    ...problems,
  ]
}

/** The methods each path has, by path, in Hono's notation. */
export function methodsByPath(): Map<string, string[]> {
  const methods = new Map<string, string[]>()
  for (const { method, path } of operations) {
    const route = path.replace('{id}', ':id')
    const added = method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]
    methods.set(route, [...(methods.get(route) ?? []), ...added])
  }
  return methods
}
