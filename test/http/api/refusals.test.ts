/** What the JSON API refuses, and how it says so. */
import { beforeAll, expect, test } from 'vitest'
import type { MailServer } from '../../../harness/index.ts'
import { type App, publicUrl, startApp } from '../../app.ts'
import { dump } from '../../database.ts'
import { useApp } from '../../use-app.ts'
import { givePerson } from '../../person.ts'
import { tokenOf, untilRecorded } from '../../journeys/steps.ts'
import { ApiClient } from './client.ts'

let mail: MailServer
let app: App
let api: ApiClient

useApp(startApp, (started) => ({ mail, app } = started))

beforeAll(async () => {
  api = new ApiClient(app)
})

test('a refused value is named, with the reason, in the language asked for', async () => {
  const answer = await api.send('POST', '/registrations', { email: 'nobody' })
  expect(answer).toMatchObject({
    status: 422,
    body: {
      type: `${publicUrl}/api/v1/openapi.json#/x-problems/refused`,
      title: 'A value is refused',
      errors: [{ field: 'email', pointer: '#/email', reason: 'not-an-address' }],
    },
  })
  const german = { headers: { 'Accept-Language': 'de' } }
  const missing = await api.send('POST', '/sessions', { email: '' }, german)
  expect(missing).toMatchObject({
    status: 422,
    body: {
      errors: [
        { field: 'email', reason: 'missing', detail: 'Bitte geben Sie Ihre E-Mail-Adresse ein.' },
        { field: 'password', reason: 'missing' },
      ],
    },
  })
})

test('a password may hold control characters, and is never part of an answer', async () => {
  const password = 'tab\there, and a \u0000 too, all of it'
  const person = await givePerson(app, mail, { password: 'a first long password' })
  const token = tokenOf(await person.askForLink())
  const redeemed = await api.send('POST', '/password-resets/confirm', { token, password })
  expect(redeemed.status).toBe(204)
  expect(await api.logIn(person.address, password)).toMatch(/^[\w-]{43}$/)
})

test('a body of more than 16 KB is refused, and one that is no JSON by name', async () => {
  const large = { email: 'a'.repeat(16 * 1024) }
  expect(await api.send('POST', '/sessions', large)).toMatchObject({
    status: 413,
    body: { reason: 'too-large' },
  })
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/json', '']) {
    const headers = { 'Content-Type': type }
    const answer = await api.send('POST', '/sessions', {}, { headers })
    expect(answer).toMatchObject({ status: 415, body: { reason: 'wrong-type' } })
  }
})

test('what is not there, and what is not done there, are problems too', async () => {
  expect(await api.send('GET', '/nothing')).toMatchObject({
    status: 404,
    body: { reason: 'not-found' },
  })
  const patched = await api.send('PATCH', '/account')
  expect(patched).toMatchObject({ status: 405, body: { reason: 'wrong-method' } })
  expect(patched.headers.get('Allow')).toBe('GET, HEAD')
})

test('a closed registration takes no address, and tells why', async () => {
  await using closed = await startApp({ mail, settings: { REGISTRATION: 'closed' } })
  const answer = await new ApiClient(closed).send('POST', '/registrations', {
    email: 'ana@example.test',
  })
  expect(answer).toMatchObject({ status: 422, body: { reason: 'registration-closed' } })
})

const password = 'a long enough password'

test.each([
  ['POST', '/registrations', { email: 'ana@example.test' }],
  ['POST', '/registrations/confirm', { token: 'a.b.c', username: 'Ana', password }],
  ['POST', '/password-resets', { email: 'ana@example.test' }],
  ['POST', '/password-resets/confirm', { token: 'a.b.c', password }],
  ['POST', '/sessions', { email: 'ana@example.test', password }],
  ['PUT', '/account/password', { current_password: password, password }],
  ['DELETE', '/sessions/current', undefined],
  ['DELETE', '/account/sessions/AAAAAAAAAAAA', undefined],
  ['GET', '/account', undefined],
])('%s %s from another origin is forbidden, and changes nothing', async (method, path, body) => {
  await untilRecorded(app)
  const before = await dump(app.db)
  const origins = [
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'https://evil.example.test' },
    { Origin: 'null' },
  ]
  for (const headers of origins) {
    const answer = await api.send(method, path, body, { headers })
    expect(answer.status, JSON.stringify(headers)).toBe(403)
  }
  expect(await dump(app.db)).toEqual(before)
})
