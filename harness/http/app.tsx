/**
 * The site map of the HTTP side: every route on one screen. Under `/api/v1` is
 * Mailpit's API; what Mailpit has not is under `/api` beside it.
 */
import { Hono } from 'hono'
import type { MailServer } from '../mail-server.ts'
import type { HttpContext, HttpEnv } from './context.ts'
import { HttpProblem } from './context.ts'
import { refusal, type GuardOptions } from './guard.ts'
import * as chaos from './mailpit/chaos.ts'
import * as checks from './mailpit/checks.ts'
import * as info from './mailpit/info.ts'
import * as message from './mailpit/message.ts'
import * as messages from './mailpit/messages.ts'
import { send } from './mailpit/send.ts'
import * as tags from './mailpit/tags.ts'
import * as view from './mailpit/view.ts'
import * as extras from './own/extras.ts'
import * as faults from './own/faults.ts'
import * as inboxes from './own/inboxes.ts'
import { openApi } from './own/openapi.ts'
import { stream } from './own/stream.ts'
import * as page from '../page/routes.tsx'

export function createHttpApp(mail: MailServer, guard: GuardOptions) {
  const app = new Hono<HttpEnv>()
  app.use(async (context, next) => {
    const refused = refusal(context.req.method, (name) => context.req.header(name), guard)
    if (refused !== undefined) return refuse(context, refused)
    context.set('mail', mail)
    await next()
    protect(context)
  })
  app.onError((error, context) => {
    if (error instanceof HttpProblem) return context.text(error.message, error.status)
    return context.text(`The harness failed: ${error.message}`, 500)
  })
  app.notFound((context) => context.text('Not found', 404))

  app.get('/', page.inbox)
  app.get('/view/latest', view.redirectToLatest)
  app.get('/view/:file{[^/]+\\.(?:html|txt)}', view.render)
  app.get('/view/:id', page.inbox)
  app.get('/frame/:id', page.frame)
  app.get('/page.css', page.styles)
  app.get('/page.js', page.script)
  app.get('/livez', (context) => context.text('ok'))
  app.get('/readyz', (context) => context.text('ok'))

  app.get('/api/v1/info', info.info)
  app.get('/api/v1/webui', info.webUi)
  app.get('/api/v1/messages', messages.list)
  app.put('/api/v1/messages', messages.setRead)
  app.delete('/api/v1/messages', messages.remove)
  app.get('/api/v1/search', messages.search)
  app.delete('/api/v1/search', messages.removeFound)
  app.get('/api/v1/message/:id', message.summary)
  app.get('/api/v1/message/:id/headers', message.headers)
  app.get('/api/v1/message/:id/raw', message.raw)
  app.get('/api/v1/message/:id/part/:part', message.part)
  app.get('/api/v1/message/:id/part/:part/thumb', message.thumbnail)
  app.get('/api/v1/message/:id/html-check', checks.htmlCheck)
  app.get('/api/v1/message/:id/link-check', checks.linkCheck)
  app.post('/api/v1/send', send)
  app.get('/api/v1/tags', tags.list)
  app.put('/api/v1/tags', tags.set)
  app.put('/api/v1/tags/:tag', tags.rename)
  app.delete('/api/v1/tags/:tag', tags.remove)
  app.get('/api/v1/chaos', chaos.get)
  app.put('/api/v1/chaos', chaos.set)

  app.get('/api/v1/message/:id/links', extras.links)
  app.get('/api/v1/message/:id/codes', extras.codes)
  app.get('/api/v1/message/:id/lint', extras.lintMessage)
  app.get('/api/v1/message/:id/transcript', extras.transcript)
  app.post('/api/v1/message/:id/bounce', extras.bounce)
  app.get('/api/transcripts', extras.transcripts)
  app.post('/api/inboxes', inboxes.open)
  app.get('/api/inboxes/:address', inboxes.show)
  app.get('/api/inboxes/:address/wait', inboxes.wait)
  app.get('/api/wait', inboxes.waitAnywhere)
  app.get('/api/faults', faults.list)
  app.post('/api/faults', faults.stage)
  app.delete('/api/faults', faults.clear)
  app.delete('/api/faults/:id', faults.remove)
  app.get('/api/stream', stream)
  app.get('/api/openapi.json', openApi)
  return app
}

function refuse(context: HttpContext, { status, reason }: { status: 401 | 403; reason: string }) {
  if (status === 401) context.header('WWW-Authenticate', 'Basic realm="Login"')
  return context.text(reason, status)
}

/** What a handler has not decided otherwise: nothing here is for framing, sniffing or caching. */
function protect(context: HttpContext) {
  const { headers } = context.res
  headers.set('X-Content-Type-Options', 'nosniff')
  headers.set('Referrer-Policy', 'no-referrer')
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
  if (!headers.has('Content-Security-Policy')) headers.set('Content-Security-Policy', ownPolicy)
}

const ownPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws:; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
