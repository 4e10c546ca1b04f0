/**
 * What people do, step by step, for journeys that begin in the middle.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Inbox, MailServer } from '../../harness/index.ts'
import type { RunningApp } from '../app.ts'
import { giveAccount, giveSession } from '../person.ts'
import type { Visitor } from '../visitor.ts'

export const firstPassword = 'a first long password'
export const secondPassword = 'quite another long one'

/** In milliseconds: seldom enough to leave the machine to what is waited for. */
const LOOK_EVERY = 5

/** Proves the mailbox, makes the account and logs in. */
export async function signUp(
  app: Pick<RunningApp, 'visitor'>,
  inbox: Inbox,
  password = firstPassword,
): Promise<Visitor> {
  const visitor = app.visitor()
  await visitor.post('/register', { email: inbox.address })
  const link = (await inbox.next({ subject: /registration/i })).link('/register/')
  const form = { username: 'Ana', password, confirm_password: password }
  expect(await visitor.post(link, form)).toMatchObject({ status: 303 })
  await logIn(visitor, inbox.address, password)
  return visitor
}

/** As `signUp`, but for the way there: what comes after is the subject. */
export async function signIn(
  app: RunningApp,
  inbox: Pick<Inbox, 'address'>,
  password = firstPassword,
): Promise<Visitor> {
  const visitor = app.visitor()
  await giveAccount(app, inbox.address, { password })
  await giveSession(app, inbox.address, visitor)
  return visitor
}

export async function logIn(visitor: Visitor, email: string, password: string): Promise<void> {
  const answer = await visitor.post('/login', { email, password })
  expect(answer).toMatchObject({ status: 303, location: '/account' })
}

/** Asks for a reset and opens the mail; the link. */
export async function askForReset(visitor: Visitor, inbox: Inbox): Promise<string> {
  await visitor.post('/reset_password', { email: inbox.address })
  return (await inbox.next({ subject: /choose a new password/i })).link('/reset_password/')
}

/** What follows the last slash. */
export function tokenOf(link: string): string {
  return link.slice(link.lastIndexOf('/') + 1)
}

export function choosePassword(visitor: Visitor, link: string, password = secondPassword) {
  return visitor.post(link, { password, confirm_password: password })
}

/**
 * Until what was mailed, to one address or to all, is recorded as sent, which is a moment after it has
 * arrived: till then another ask for the same address adds nothing.
 */
export async function untilRecorded({ db }: RunningApp, address?: string): Promise<void> {
  const waiting = db
    .prepare(
      `SELECT count(*) AS count FROM outbox
       WHERE state = 'waiting' AND address_key = coalesce(?1, address_key)`,
    )
    .bind(address ?? null)
  const deadline = performance.now() + 5000
  while ((await waiting.first<{ count: number }>())?.count !== 0) {
    if (performance.now() > deadline) throw new Error('Mail still waits after five seconds')
    await pause(LOOK_EVERY)
  }
}

/** Until the fault has struck: what it strikes is under way. */
export async function untilStruck(fault: { hits: number }, mail: MailServer): Promise<void> {
  const deadline = performance.now() + 5000
  while (fault.hits === 0 && performance.now() < deadline) {
    await fetch(new URL('/api/v1/messages', mail.url))
  }
  expect(fault.hits).toBeGreaterThan(0)
}
