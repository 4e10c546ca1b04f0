/** An app of somebody's own on Deno that mounts Sparekey under /auth. Its PUBLIC_URL ends in /auth. */
import { Hono } from 'hono'
import { getConnInfo } from 'hono/deno'
import { endOnSignals, environment, startDenoServer } from 'sparekey/deno'
import { asOurs, heard } from '../src/accounts.ts'
import { showOrders } from '../src/orders.ts'

const server = await startDenoServer(environment, {
  change: asOurs,
  mount: (accounts) =>
    new Hono()
      .get('/', (c) => c.text('The shop'))
      .get('/orders', (c) => showOrders(c, accounts))
      .get('/address', (c) => c.text(getConnInfo(c).remote.address ?? ''))
      .get('/heard', (c) => c.json(heard))
      .route('/auth', accounts.app)
      .route('/', accounts.wellKnown),
})
if (server === null) Deno.exit(1)
endOnSignals(server)
console.log(`app ${server.origin}`)
