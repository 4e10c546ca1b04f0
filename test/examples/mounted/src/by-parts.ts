/**
 * The same put together by hand: services out of a platform and typed settings,
 * and the app that answers by them. Its PUBLIC_URL ends in /my/accounts.
 */
import { env } from 'cloudflare:workers'
import { Hono } from 'hono'
import { createApp, createServices, createWellKnown, type Platform } from 'sparekey'
import { createWorkersPlatform } from 'sparekey/workers'
import { asOurs, heard } from './accounts.ts'

const services = createServices(asOurs(named(createWorkersPlatform(env), 'The bakery')))

const app = new Hono()
app.get('/', (c) => c.text('The bakery'))
app.get('/heard', (c) => c.json(heard))
app.route('/my/accounts', createApp(services))
app.route('/', createWellKnown(services))

export default {
  fetch: (request: Request) => app.fetch(request),
  queue: () => services.deliver(),
  scheduled: () => services.sweep(),
}

/** Settings need not come from `env`: what was read from there is typed, and may be replaced. */
function named(platform: Platform, appName: string): Platform {
  return { ...platform, config: { ...platform.config, appName } }
}
