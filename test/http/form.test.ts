import fc from 'fast-check'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { readForm } from '../../src/http/form.ts'
import { Refusal } from '../../src/http/refusal.ts'
import { anyText } from '../any-text.ts'
import { full } from '../full.ts'

const app = new Hono()
app.post('/', async (c) => c.json(await readForm(c, ['email', 'password'])))
app.onError((error) => {
  if (error instanceof Refusal) return new Response(null, { status: error.status })
  throw error
})

async function post(body: BodyInit) {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  return await app.request('/', { method: 'POST', body, headers })
}

const numRuns = full ? 20_000 : 150

test('whatever was typed arrives as it was typed', async () => {
  const typed = anyText(200)
  await fc.assert(
    fc.asyncProperty(typed, typed, async (email, password) => {
      const answer = await post(new URLSearchParams({ email, password }).toString())
      if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(email)) expect(answer.status).toBe(400)
      else expect(await answer.json()).toEqual({ email, password })
    }),
    { numRuns },
  )
})

test('whatever bytes come, the answer is a form or a refusal', async () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 500 }).map((bytes) => new Uint8Array(bytes)),
    fc.string({ unit: fc.constantFrom(...Array.from('ab=&%+[]0fF\u00e9')), maxLength: 60 }),
  )
  await fc.assert(
    fc.asyncProperty(body, async (bytes) => {
      expect([200, 400]).toContain((await post(bytes)).status)
    }),
    { numRuns },
  )
})

test('fields that nobody asked for go nowhere', async () => {
  const answer = await post('email=a&role=admin&__proto__=x&constructor=y&toString=z')
  expect(await answer.json()).toEqual({ email: 'a', password: '' })
})

test('what nobody asked for may not come twice, either', async () => {
  expect((await post('role=a&role=b')).status).toBe(400)
})
