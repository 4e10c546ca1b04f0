/**
 * The site map of the HTTP side: every route on one screen.
 */
import { Hono } from 'hono'
import type { MailServer } from '../mail-server.ts'
import { fullMessage, listedMessage } from './mailpit/shapes.ts'

export function createHttpApp(mail: MailServer) {
  const app = new Hono()
  app.get('/', async (context) => {
    const messages = (await mail.messages()).reverse()
    return context.html(
      <html lang="en">
        <head>
          <title>Inbox</title>
        </head>
        <body>
          <h1>Inbox</h1>
          <ul>
            {messages.map(({ id, subject, envelope }) => (
              <li>
                {envelope.to.join(', ')}: <a href={`/api/v1/message/${id}/raw`}>{subject}</a>
              </li>
            ))}
          </ul>
        </body>
      </html>,
    )
  })
  app.get('/api/v1/messages', async (context) => {
    const start = Number(context.req.query('start') ?? 0)
    const limit = Number(context.req.query('limit') ?? 50)
    const all = mail.mailbox.all.reverse()
    const messages = await Promise.all(all.slice(start, start + limit).map(listedMessage))
    const unread = all.filter(({ read }) => !read).length
    return context.json({
      total: all.length,
      unread,
      count: messages.length,
      messages_count: all.length,
      messages_unread: unread,
      start,
      tags: [],
      messages,
    })
  })
  app.delete('/api/v1/messages', (context) => {
    mail.mailbox.clear()
    return context.text('ok')
  })
  app.get('/api/v1/message/:id', async (context) => {
    const captured = mail.mailbox.get(context.req.param('id'))
    if (captured === undefined) return context.json({ Error: 'message not found' }, 404)
    return context.json(await fullMessage(captured))
  })
  app.get('/api/v1/message/:id/raw', (context) => {
    const captured = mail.mailbox.get(context.req.param('id'))
    if (captured === undefined) return context.json({ Error: 'message not found' }, 404)
    return context.body(new Uint8Array(captured.raw), 200, {
      'Content-Type': 'text/plain; charset=utf-8',
    })
  })
  return app
}
