/**
 * Every page in every state it can be in, with what somebody might have typed.
 * The preview shows them, and tests look for what is wrong with them.
 */
import type { JSX } from 'hono/jsx/jsx-runtime'
import { AccountPage, type SessionEntry } from '../pages/account.tsx'
import { AskResetPage, DeadLinkPage, RegisterPage, SentPage } from '../pages/ask.tsx'
import { ErrorPage, type ErrorKind } from '../pages/error.tsx'
import { ConfirmRegistrationPage, HasAccountPage, NewPasswordPage } from '../pages/link.tsx'
import { LoginPage } from '../pages/login.tsx'
import type { PasswordFieldsProblem } from '../parts/password-fields.tsx'
import type { View } from '../view.ts'

export interface GalleryPage {
  page: string
  state: string
  render: (view: View) => JSX.Element
}

const address = 'ada.lovelace@example.com'
const minLength = 15
const ttl = 30 * 60

export function galleryPages(): GalleryPage[] {
  return [
    ...loginPages(),
    ...askResetPages(),
    ...newPasswordPages(),
    ...registerPages(),
    ...confirmPages(),
    ...accountPages(),
    ...errorKinds.map((kind) => errorPage(kind)),
  ]
}

function loginPages(): GalleryPage[] {
  const state = stateOf('login', LoginPage)
  return [
    state('empty', {}),
    state('after registering', { notice: 'registered' }),
    state('after a new password', { notice: 'password-changed' }),
    state('wrong password', { email: address, problem: 'wrong' }),
    state('nothing entered', { email: '', problem: 'missing' }),
  ]
}

function askResetPages(): GalleryPage[] {
  const state = stateOf('reset_password', AskResetPage)
  const sent = stateOf('reset_password', SentPage)
  const dead = stateOf('reset_password', DeadLinkPage)
  return [
    state('empty', {}),
    state('link to be opened again', { notice: 'open-link-again' }),
    state('nothing entered', { email: '', problem: 'emailMissing' }),
    state('not an address', { email: 'ada@', problem: 'email' }),
    sent('sent', { purpose: 'reset', ttl }),
    dead('dead link', { purpose: 'reset' }),
  ]
}

const passwordProblems = [
  'missing',
  'too-short',
  'too-long',
  'common',
  'personal',
  'breached',
  'mismatch',
] as const satisfies PasswordFieldsProblem[]

function newPasswordPages(): GalleryPage[] {
  const state = stateOf('new password', NewPasswordPage)
  const link = { action: '/reset_password/token', address, minLength }
  return [
    state('empty', link),
    ...passwordProblems.map((problem) => state(problem, { ...link, problem })),
  ]
}

function registerPages(): GalleryPage[] {
  const state = stateOf('register', RegisterPage)
  const sent = stateOf('register', SentPage)
  const dead = stateOf('register', DeadLinkPage)
  return [
    state('empty', { closed: false }),
    state('link to be opened again', { closed: false, notice: 'open-link-again' }),
    state('not an address', { closed: false, email: 'ada@', problem: 'email' }),
    state('closed', { closed: true }),
    sent('sent', { purpose: 'register', ttl }),
    dead('dead link', { purpose: 'register' }),
  ]
}

function confirmPages(): GalleryPage[] {
  const state = stateOf('make account', ConfirmRegistrationPage)
  const link = { action: '/register/token', address, minLength }
  return [
    state('empty', link),
    state('both refused', {
      ...link,
      username: '',
      problems: { username: 'missing', password: 'too-short' },
    }),
    state('password refused', { ...link, username: 'Ada', problems: { password: 'personal' } }),
    stateOf('make account', HasAccountPage)('has an account', {}),
  ]
}

function accountPages(): GalleryPage[] {
  const state = stateOf('account', AccountPage)
  const account = { username: 'Ada', address, minLength, now: 1_800_000_000 }
  const alone = { ...account, sessions: sessions.slice(0, 1) }
  return [
    state('one session', alone),
    state('many sessions', { ...account, sessions }),
    state('password changed', { ...alone, notice: 'password-changed' }),
    state('wrong current password', { ...alone, problem: 'currentPassword' }),
    state('password refused', { ...alone, problem: 'breached' }),
  ]
}

const sessions: SessionEntry[] = [
  { id: 'a', current: true, browser: 'Firefox', system: 'Linux', lastSeenAt: 1_800_000_000 },
  { id: 'b', current: false, browser: 'Safari', system: 'iOS', lastSeenAt: 1_799_999_700 },
  {
    id: 'c',
    current: false,
    browser: 'Samsung Internet',
    system: 'Android',
    lastSeenAt: 1_799_900_000,
  },
  { id: 'd', current: false, browser: null, system: null, lastSeenAt: 1_799_200_000 },
]

const errorKinds = [
  'bad-request',
  'signed-out',
  'forbidden',
  'not-found',
  'too-large',
  'wrong-type',
  'throttled',
  'overloaded',
  'unavailable',
  'broken',
] as const satisfies ErrorKind[]

function errorPage(kind: ErrorKind): GalleryPage {
  return stateOf('error', ErrorPage)(kind, { kind, retryAfter: 540 })
}

function stateOf<Props extends { view: View }>(page: string, Page: (props: Props) => JSX.Element) {
  return function describe(state: string, props: Omit<Props, 'view'>): GalleryPage {
    return { page, state, render: (view) => Page({ ...props, view } as Props) }
  }
}
