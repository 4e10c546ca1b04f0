/**
 * What the service is measured against, on the same workerd: a Worker that does one
 * thing for each figure, and nothing beside it.
 */
import { Hono } from 'hono'
import { parseAddress } from '../../src/account/address.ts'
import { parseClient } from '../../src/account/client.ts'
import { createOutboxStore } from '../../src/store/outbox.ts'
import { newId, secureRandom } from '../../src/account/random.ts'
import { hashOnce } from './hash.ts'
import { type Env, recovery } from './recovery.ts'

interface Page {
  body: string
  headers: Record<string, string>
}

const app = new Hono<{ Bindings: Env }>()
const pages = new Map<string, Page>()

/** A page to answer with: its bytes and its headers. */
app.put('/pages/:name', async (c) => {
  pages.set(c.req.param('name'), await c.req.json<Page>())
  return c.body(null, 204)
})

app.get('/pages/:name', (c) => {
  const page = pages.get(c.req.param('name'))
  return page === undefined ? c.notFound() : c.body(page.body, 200, page.headers)
})

/** The row that an ask writes, in one batch with the two that it cannot be without: the limit's and the audit's. */
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
  for (let left = Number(c.req.query('count')); left > 0; left--) hashOnce()
  return c.body(null, 204)
})

app.route('/', recovery)

export default app
