/** A `PUBLIC_URL` with a path, on the Worker that is deployed. */
import { expect, test } from 'vitest'
import { startMailServer } from '../../harness/index.ts'
import { startApp } from '../app.ts'

const settings = { PUBLIC_URL: 'https://shop.example.test/auth' }

test('the Worker serves below the path of PUBLIC_URL, and what is well known above it', async () => {
  await using mail = await startMailServer()
  await using app = await startApp({ mail, bundle: 'deployed', settings })
  const visitor = app.visitor()
  expect((await visitor.get('/auth/login')).status).toBe(200)
  const outside = await visitor.get('/login')
  expect(outside.status).toBe(404)
  for (const name of ['Strict-Transport-Security', 'Content-Security-Policy', 'X-Frame-Options'])
    expect(outside.headers.has(name), name).toBe(true)
  expect((await visitor.get('/healthz')).status).toBe(200)
  const known = await visitor.get('/.well-known/change-password')
  expect(known.location).toBe('/auth/reset_password')
})
