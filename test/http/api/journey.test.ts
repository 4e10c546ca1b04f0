/** The whole way through over JSON, by an app that keeps a token and by a browser that keeps a cookie. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { MailServer } from '../../../harness/index.ts'
import { publicUrl, type RunningApp } from '../../app.ts'
import { runtimes } from '../../journeys/runtimes.ts'
import { firstPassword, secondPassword, signIn, tokenOf } from '../../journeys/steps.ts'
import { giveAccount, giveSession } from '../../person.ts'
import { ApiClient, textOf } from './client.ts'
import { useApp } from '../../use-app.ts'

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

describe.each(runtimes)('on %s', (_, startApp) => {
  let mail: MailServer
  let app: RunningApp
  let api: ApiClient

  useApp(startApp, (started) => ({ mail, app } = started))

  beforeAll(async () => {
    api = new ApiClient(app)
  })

  test('an app registers somebody, forgets the password, and gets back in', async () => {
    const inbox = mail.inbox()
    const email = inbox.address

    expect(await api.send('POST', '/registrations', { email })).toMatchObject({
      status: 202,
      body: {},
    })
    const registration = tokenOf((await inbox.next()).link('/register/'))
    const person = { token: registration, username: 'Ana', password: firstPassword }
    const registered = await api.send('POST', '/registrations/confirm', person)
    const account = { id: expect.stringMatching(/^[\w-]{12}$/), email, username: 'Ana' }
    expect(registered).toMatchObject({ status: 201, body: { account } })
    expect(await api.send('POST', '/registrations/confirm', person)).toMatchObject({
      status: 410,
      body: { reason: 'has-account' },
    })

    const session = await api.send('POST', '/sessions', { email, password: firstPassword })
    expect(session).toMatchObject({ status: 201, body: { account } })
    expect(textOf(session.body, 'expires_at')).toMatch(instant)
    const token = textOf(session.body, 'token')
    expect(await api.send('GET', '/account', undefined, { token })).toMatchObject({
      status: 200,
      body: { account },
    })

    expect(await api.send('POST', '/password-resets', { email })).toMatchObject({ status: 202 })
    const reset = tokenOf((await inbox.next({ subject: /new password/i })).link('/reset_password/'))
    const redemption = { token: reset, password: secondPassword }
    const redeemed = await api.send('POST', '/password-resets/confirm', redemption)
    expect(redeemed).toMatchObject({ status: 204, body: null })
    expect(await api.send('POST', '/password-resets/confirm', redemption)).toMatchObject({
      status: 410,
      body: { reason: 'dead-link', title: 'The link was used, has expired, or never was one' },
    })
    expect(await api.send('GET', '/account', undefined, { token })).toMatchObject({ status: 401 })

    const old = await api.send('POST', '/sessions', { email, password: firstPassword })
    expect(old).toMatchObject({ status: 401, body: { reason: 'wrong-credentials' } })
    const back = await api.logIn(email, secondPassword)
    const out = await api.send('DELETE', '/sessions/current', undefined, { token: back })
    expect(out.status).toBe(204)
    expect(await api.send('GET', '/account', undefined, { token: back })).toMatchObject({
      status: 401,
      body: { reason: 'signed-out' },
    })
  })

  describe('somebody who is signed in', () => {
    test('changes the password, and goes on with the session in the answer alone', async () => {
      const { email, token } = await somebody()
      const other = await giveSession(app, email)
      const change = { current_password: firstPassword, password: secondPassword }
      const changed = await api.send('PUT', '/account/password', change, { token })
      expect(changed.status).toBe(200)
      expect(textOf(changed.body, 'expires_at')).toMatch(instant)
      for (const ended of [token, other]) {
        const answer = await api.send('GET', '/account', undefined, { token: ended })
        expect(answer.status).toBe(401)
      }
      const renewed = textOf(changed.body, 'token')
      expect(await api.send('GET', '/account', undefined, { token: renewed })).toMatchObject({
        status: 200,
      })
    })

    test('is told which value was refused, and nothing has changed', async () => {
      const { email, token } = await somebody()
      const change = (current_password: string, password: string) =>
        api.send('PUT', '/account/password', { current_password, password }, { token })
      expect(await change('not the password at all', secondPassword)).toMatchObject({
        status: 401,
        body: { reason: 'wrong-password' },
      })
      expect(await change(firstPassword, 'short')).toMatchObject({
        status: 422,
        body: {
          errors: [
            {
              field: 'password',
              pointer: '#/password',
              reason: 'too-short',
              detail: 'This password is too short: 15 characters at least.',
            },
          ],
        },
      })
      expect(await api.logIn(email, firstPassword)).toMatch(/^[\w-]{43}$/)
    })

    test('lists the sessions and ends one of them', async () => {
      const { email, token } = await somebody()
      const other = await api.logIn(email, firstPassword)
      const listed = await api.send('GET', '/account/sessions', undefined, { token: other })
      const sessions = sessionsOf(listed.body)
      const [kept] = sessions.filter(({ current }) => current)
      const ended = sessions.filter(({ current }) => !current)
      expect(kept).toMatchObject({ browser: 'Firefox', system: 'Linux' })
      for (const { id } of ended) {
        const end = () => api.send('DELETE', `/account/sessions/${id}`, undefined, { token: other })
        expect((await end()).status).toBe(204)
        expect((await end()).status).toBe(404)
      }
      expect((await api.send('GET', '/account', undefined, { token })).status).toBe(401)
      expect((await api.send('GET', '/account', undefined, { token: other })).status).toBe(200)
    })

    test('cannot end a session of somebody else', async () => {
      const { token } = await somebody()
      const stranger = await somebody()
      const listed = await api.send('GET', '/account/sessions', undefined, stranger)
      for (const { id } of sessionsOf(listed.body)) {
        const answer = await api.send('DELETE', `/account/sessions/${id}`, undefined, { token })
        expect(answer.status).toBe(404)
      }
      expect((await api.send('GET', '/account', undefined, stranger)).status).toBe(200)
    })

    test('logs in anew, and the session that asked for it ends', async () => {
      const { email, token } = await somebody()
      const credentials = { email, password: firstPassword }
      const answer = await api.send('POST', '/sessions', credentials, { token })
      expect(answer.status).toBe(201)
      expect((await api.send('GET', '/account', undefined, { token })).status).toBe(401)
    })
  })

  describe('the cookie of a browser', () => {
    test('is a session too, and a changed password replaces it', async () => {
      const inbox = mail.inbox()
      const browser = await signIn(app, inbox)
      const change = { current_password: firstPassword, password: secondPassword }
      const changed = await browser.send('/api/v1/account/password', {
        method: 'PUT',
        body: JSON.stringify(change),
        headers: { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' },
      })
      expect(changed.status).toBe(200)
      expect((await browser.get('/account')).status).toBe(200)
      const out = await browser.send('/api/v1/sessions/current', {
        method: 'DELETE',
        headers: { 'Sec-Fetch-Site': 'same-origin' },
      })
      expect(out.status).toBe(204)
      expect(browser.cookie('__Host-session')).toBeUndefined()
    })

    test.each<[string, Record<string, string>]>([
      ['Sec-Fetch-Site', { 'Sec-Fetch-Site': 'cross-site' }],
      ['a sibling', { 'Sec-Fetch-Site': 'same-site' }],
      ['Origin', { Origin: 'https://example.com' }],
      ['no origin at all', { Origin: 'null' }],
    ])('counts for nothing from elsewhere, by %s', async (_, headers) => {
      const browser = await signIn(app, mail.inbox())
      const asked = await browser.get('/api/v1/account', headers)
      expect(asked.status).toBe(403)
      const ended = await browser.send('/api/v1/sessions/current', { method: 'DELETE', headers })
      expect(ended.status).toBe(403)
      expect((await browser.get('/api/v1/account', { Origin: publicUrl })).status).toBe(200)
    })

    test('is ignored beside a bearer token, right or wrong', async () => {
      const browser = await signIn(app, mail.inbox())
      const { token, email } = await somebody()
      const seen = await browser.get('/api/v1/account', { Authorization: `Bearer ${token}` })
      expect(seen.body).toContain(email)
      for (const wrong of ['Bearer wrong', 'Bearer', 'bearer  ']) {
        const answer = await browser.get('/api/v1/account', { Authorization: wrong })
        expect(answer.status).toBe(401)
        expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer')
      }
    })
  })

  async function somebody() {
    const { address: email } = mail.inbox()
    await giveAccount(app, email, { password: firstPassword })
    return { email, token: await giveSession(app, email) }
  }
})

function sessionsOf(body: unknown): { id: string; current: boolean }[] {
  const { sessions } = body as { sessions: { id: string; current: boolean }[] }
  return sessions
}
