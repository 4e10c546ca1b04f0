/** Sparekey inside another app: test/examples/mounted/worker.ts, as it stands there. */
import { expect, test } from 'vitest'
import { startMailServer } from '../harness/index.ts'
import { startApp } from './app.ts'
import { ApiClient } from './http/api/client.ts'

const password = 'a first long password'
const changed = 'quite another long one'
const settings = { PUBLIC_URL: 'https://shop.example.test/auth' }

test('an app mounts it under /auth, and everything it says leads there', async () => {
  await using mail = await startMailServer()
  await using app = await startApp({ mail, bundle: 'mounted', settings })
  const inbox = mail.inbox()
  const visitor = app.visitor()

  expect((await visitor.get('/')).body).toBe('The shop')
  expect(await visitor.get('/auth')).toMatchObject({ status: 303, location: '/auth/login' })
  const login = await visitor.get('/auth/login')
  for (const [, path = ''] of login.body.matchAll(/(?:href|action|src)="(\/[^"]*)"/g)) {
    expect(path).toMatch(/^\/auth(?:\/|\?|$)/)
  }

  const asked = await visitor.post('/auth/register', { email: inbox.address })
  expect(asked).toMatchObject({ status: 303, location: '/auth/register/sent' })
  const invitation = await inbox.next()
  expect(invitation.text).toContain('The team of the green door')
  const form = { username: 'Ana', password, confirm_password: password }
  const registered = await visitor.post(invitation.link('/auth/register/'), form)
  expect(registered).toMatchObject({ location: '/auth/login?notice=registered' })

  const lost = await visitor.post('/auth/reset_password', { email: inbox.address })
  expect(lost.location).toBe('/auth/reset_password/sent')
  const link = (await inbox.next({ subject: /new password/i })).link('/auth/reset_password/')
  const choice = { password: changed, confirm_password: changed }
  expect((await visitor.post(link, choice)).location).toBe('/auth/login?notice=password-changed')
  const back = await visitor.post('/auth/login', { email: inbox.address, password: changed })
  expect(back).toMatchObject({ status: 303, location: '/auth/account' })
  expect((await visitor.get('/auth/account')).body).toContain('Ana')

  const heard = await visitor.get('/heard')
  expect(JSON.parse(heard.body)).toEqual([
    { registered: 'Ana' },
    { asked: inbox.address },
    { changed: 'link' },
  ])
})

test('what is well known stays at the root of the host, and leads below the prefix', async () => {
  await using mail = await startMailServer()
  await using app = await startApp({ mail, bundle: 'mounted', settings })
  const known = await app.visitor().get('/.well-known/change-password')
  expect(known).toMatchObject({ status: 303, location: '/auth/reset_password' })
  expect((await app.visitor().get('/healthz')).status).toBe(200)
})

test('the JSON API has the prefix too, and names it in its document', async () => {
  await using mail = await startMailServer()
  await using app = await startApp({ mail, bundle: 'mounted', settings })
  const api = new ApiClient(app, undefined, '/auth')
  expect(await api.send('GET', '/openapi.json')).toMatchObject({
    body: { servers: [{ url: 'https://shop.example.test/auth/api/v1' }] },
  })
  const refused = await api.send('GET', '/account')
  expect(refused).toMatchObject({ status: 401, body: { reason: 'signed-out' } })
})

test('the Worker itself serves below the path of PUBLIC_URL, and what is well known above it', async () => {
  await using mail = await startMailServer()
  await using app = await startApp({ mail, bundle: 'deployed', settings })
  const visitor = app.visitor()
  expect((await visitor.get('/auth/login')).status).toBe(200)
  expect((await visitor.get('/login')).status).toBe(404)
  expect((await visitor.get('/healthz')).status).toBe(200)
  const known = await visitor.get('/.well-known/change-password')
  expect(known.location).toBe('/auth/reset_password')
})
