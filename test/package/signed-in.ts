/**
 * How the shop of test/examples knows who is signed in, step by step, wherever
 * it runs: `/orders` asks the service that it has mounted.
 */
import type { D1Database } from '@cloudflare/workers-types'
import { expect } from 'vitest'
import type { Inbox } from '../../harness/index.ts'
import { SESSION_ABSOLUTE, SESSION_IDLE } from '../../src/account/session.ts'
import { firstPassword } from '../journeys/steps.ts'
import type { Visitor } from '../visitor.ts'

export interface Shop {
  visitor: () => Visitor
  db: D1Database
}

const toLogin = { status: 303, location: '/auth/login' }

export async function walkSignedIn({ visitor, db }: Shop, inbox: Inbox): Promise<void> {
  const browser = visitor()
  expect(await browser.get('/orders')).toMatchObject(toLogin)
  expect(browser.cookie('__Host-session')).toBe('basket-7')

  const choice = { password: firstPassword, confirm_password: firstPassword }
  await browser.post('/auth/register', { email: inbox.address })
  const link = (await inbox.next({ subject: /registration/i })).link('/auth/register/')
  await browser.post(link, { username: 'Ana', ...choice })
  const credentials = { email: inbox.address, password: firstPassword }
  expect((await browser.post('/auth/login', credentials)).location).toBe('/auth/account')

  const orders = await browser.get('/orders')
  expect(JSON.parse(orders.body)).toEqual({
    sessionId: expect.any(String),
    account: { id: expect.any(String), address: inbox.address, username: 'Ana', proven: true },
    createdAt: expect.any(Number),
    lastSeenAt: expect.any(Number),
  })
  expect(browser.cookie('__Host-session')).toBe('basket-7')
  expect((await browser.get('/auth/account')).body).toContain('Ana')

  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })
  expect(await browser.get('/orders', bearer('nonsense'))).toMatchObject(toLogin)
  const created = await visitor().send('/auth/api/v1/sessions', {
    method: 'POST',
    body: JSON.stringify(credentials),
    headers: { 'Content-Type': 'application/json' },
  })
  const { token } = JSON.parse(created.body) as { token: string }
  expect((await visitor().get('/orders', bearer(token))).status).toBe(200)

  await age(db, 'last_seen_at', SESSION_IDLE)
  expect(await visitor().get('/orders', bearer(token))).toMatchObject(toLogin)
  expect(await browser.get('/orders')).toMatchObject(toLogin)

  await browser.post('/auth/login', credentials)
  await age(db, 'created_at', SESSION_ABSOLUTE)
  expect(await browser.get('/orders')).toMatchObject(toLogin)

  await browser.post('/auth/login', credentials)
  expect((await browser.get('/orders')).status).toBe(200)
  await browser.post('/auth/logout', {})
  expect(await browser.get('/orders')).toMatchObject(toLogin)
}

/** Makes every session older; `seconds` as its limit is counted. */
async function age(db: D1Database, column: 'created_at' | 'last_seen_at', seconds: number) {
  await db.prepare(`UPDATE session SET ${column} = ${column} - ?1`).bind(seconds).run()
}
