/** An app of somebody's own on Deno that mounts Sparekey under /auth, with pages of its own. Its PUBLIC_URL ends in /auth. */
import { Hono } from 'hono'
import { environment, startDenoServer } from 'sparekey/deno'
import { showOrders } from '../src/orders.ts'
import { LoginPage, pageStyle } from '../src/pages.tsx'

const server = await startDenoServer(environment, {
  change: (platform) => ({ ...platform, pages: { login: LoginPage }, pageStyle }),
  mount: (accounts) =>
    new Hono()
      .get('/', (c) => c.text('The shop'))
      .get('/orders', (c) => showOrders(c, accounts))
      .route('/auth', accounts.app)
      .route('/', accounts.wellKnown),
})
if (server === null) Deno.exit(1)
console.log(`app ${server.origin}`)
