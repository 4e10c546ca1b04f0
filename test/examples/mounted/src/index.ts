/** An app of somebody's own on Workers that mounts Sparekey under /auth. Its PUBLIC_URL ends in /auth. */
import { connect } from 'cloudflare:sockets'
import { env } from 'cloudflare:workers'
import { Hono } from 'hono'
import { createWorkersService } from 'sparekey/workers'
import { asOurs, heard } from './accounts.ts'
import { showOrders } from './orders.ts'

const accounts = createWorkersService(env, asOurs)

const app = new Hono()
app.get('/', (c) => c.text('The shop'))
app.get('/orders', (c) => showOrders(c, accounts))
app.get('/heard', (c) => c.json(heard))
app.get('/warehouse/:port', async (c) => c.text(await firstWords(Number(c.req.param('port')))))
app.route('/auth', accounts.app)
app.route('/', accounts.wellKnown)
app.notFound((c) => c.text('Nothing of the shop', 404))

export default {
  fetch: (request: Request) => app.fetch(request),
  queue: () => accounts.deliver(),
  scheduled: () => accounts.sweep(),
}

/** What a server of the shop says first, over a socket of the shop's own. */
async function firstWords(port: number): Promise<string> {
  const socket = connect({ hostname: '127.0.0.1', port })
  const { value } = await socket.readable.getReader().read()
  await socket.close()
  return new TextDecoder().decode(value)
}
