/**
 * What the service is measured against, on the same workerd: a Worker that does one
 * thing for each figure, and nothing beside it.
 */
import type { D1Database } from '@cloudflare/workers-types'
import argon2Module from '@phi-ag/argon2/argon2.wasm'
import { Hono } from 'hono'
import { parseAddress } from '../../src/account/address.ts'
import { parseClient } from '../../src/account/client.ts'
import { createOutboxStore } from '../../src/store/outbox.ts'
import { createArgon2id } from '../../src/account/argon2.ts'
import { newId, secureRandom } from '../../src/account/random.ts'
import { ARGON2_PARAMETERS } from '../../src/account/password-hash.ts'

interface Env {
  DB: D1Database
}

interface Page {
  body: string
  headers: Record<string, string>
}

const app = new Hono<{ Bindings: Env }>()
const pages = new Map<string, Page>()
const argon2id = createArgon2id(argon2Module)

/** A page to answer with: its bytes and its headers. */
app.put('/pages/:name', async (c) => {
  pages.set(c.req.param('name'), await c.req.json<Page>())
  return c.body(null, 204)
})

app.get('/pages/:name', (c) => {
  const page = pages.get(c.req.param('name'))
  return page === undefined ? c.notFound() : c.body(page.body, 200, page.headers)
})

/** The one row that an ask writes, with the same conflict, and no limit, no audit, no delivery. */
app.post('/insert', async (c) => {
  const { email } = await c.req.parseBody<{ email: string }>()
  await c.env.DB.prepare(
    `INSERT INTO outbox (id, purpose, address, address_key, locale, next_attempt_at, created_at)
     VALUES (?1, 'reset', ?2, ?2, 'en', ?3, ?3) ON CONFLICT DO NOTHING`,
  )
    .bind(newId(secureRandom), email, Math.floor(Date.now() / 1000))
    .run()
  return c.redirect('/sent', 303)
})

/** The same in one batch with the two rows that an ask cannot be without: the limit's and the audit's. */
app.post('/ask', async (c) => {
  const { email } = await c.req.parseBody<{ email: string }>()
  const address = parseAddress(email)
  if (address === null) return c.body(null, 422)
  await createOutboxStore(c.env.DB).ask({
    ...{ id: newId(secureRandom), purpose: 'reset', address, locale: 'en' },
    client: parseClient(c.req.header('CF-Connecting-IP') ?? '', ''),
    limit: { key: `ask ${c.req.header('CF-Connecting-IP')}`, count: 10, seconds: 3600 },
    now: Math.floor(Date.now() / 1000),
  })
  return c.redirect('/sent', 303)
})

/** So many hashes, one after the other. */
app.post('/hash', (c) => {
  const password = new TextEncoder().encode('a first long password')
  const salt = secureRandom(16)
  for (let left = Number(c.req.query('count')); left > 0; left--)
    argon2id({ ...ARGON2_PARAMETERS, password, salt, length: 32 })
  return c.body(null, 204)
})

export default app
