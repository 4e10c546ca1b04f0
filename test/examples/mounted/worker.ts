/**
 * An app of somebody's own on Workers that mounts Sparekey under /auth, hears
 * what happens there, and signs the mails. Its PUBLIC_URL ends in /auth.
 */
import { env } from 'cloudflare:workers'
import { Hono } from 'hono'
import { renderMail } from '../../../src/index.ts'
import { createWorkersService } from '../../../src/workers.ts'

const heard: unknown[] = []

const accounts = createWorkersService(env, (platform) => ({
  ...platform,
  hooks: {
    registered: ({ username }) => void heard.push({ registered: username }),
    'recovery-asked': ({ address }) => void heard.push({ asked: address }),
    'password-changed': ({ by }) => {
      heard.push({ changed: by })
      throw new Error('A hook that fails is nobody else’s trouble')
    },
  },
  renderMail(content, frame) {
    const mail = renderMail(content, frame)
    return { ...mail, text: `${mail.text}The team of the green door\n` }
  },
}))

const app = new Hono()
app.get('/', (c) => c.text('The shop'))
app.get('/heard', (c) => c.json(heard))
app.route('/auth', accounts.app)
app.route('/', accounts.wellKnown)

export default {
  fetch: (request: Request) => app.fetch(request),
  queue: () => accounts.deliver(),
  scheduled: () => accounts.sweep(),
}
