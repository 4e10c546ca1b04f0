/**
 * The inbox page: complete without JavaScript; the script only makes it live.
 */
import { html } from 'hono/html'
import type { Captured } from '../mailbox/captured.ts'
import { HttpProblem, kept, type HttpContext } from '../http/context.ts'
import { found } from '../http/mailpit/search.ts'
import { lint } from '../lint/lint.ts'
import { frameOf } from './frame.ts'
import { isTab, type Tab } from './tabs.ts'
import { InboxPage, type InboxPageProps } from './inbox-page.tsx'
import { style } from './style/index.ts'
import code from './page.browser.js'

/** As many as the list shows; the search finds the others. */
const LISTED = 200

/** `/` is the list; `/view/{id}` opens one message beside it. */
export async function inbox(context: HttpContext) {
  const id = context.req.param('id')
  const opened = id === undefined ? undefined : kept(context, id)
  if (opened !== undefined && !opened.read) context.var.mail.mailbox.update(opened, { read: true })
  const props = await propsFor(context, opened)
  return context.html(html`<!doctype html>${<InboxPage {...props} />}`)
}

/** The HTML of a message, for the sandboxed frame. */
export async function frame(context: HttpContext) {
  const message = await kept(context, context.req.param('id') ?? '').parse()
  if (message.html === '') throw new HttpProblem(404, 'This message does not contain a HTML part')
  const framed = frameOf(message, {
    remote: context.req.query('remote') === '1',
    dark: context.req.query('scheme') === 'dark',
  })
  return context.html(framed.html, 200, { 'Content-Security-Policy': framed.policy })
}

export function styles(context: HttpContext) {
  return context.body(style, 200, { 'Content-Type': 'text/css; charset=utf-8' })
}

export function script(context: HttpContext) {
  return context.body(code, 200, { 'Content-Type': 'text/javascript; charset=utf-8' })
}

async function propsFor(
  context: HttpContext,
  opened: Captured | undefined,
): Promise<InboxPageProps> {
  const { mail } = context.var
  const query = (context.req.query('query') ?? '').trim()
  const matching = query === '' ? mail.mailbox.all.reverse() : await found(mail.mailbox, query)
  return {
    query,
    smtp: `${mail.smtp.host}:${mail.smtp.port}`,
    total: mail.mailbox.size,
    matching: matching.length,
    unread: mail.mailbox.all.filter(({ read }) => !read).length,
    entries: await Promise.all(
      matching.slice(0, LISTED).map((captured) => entry(captured, opened)),
    ),
    opened: opened === undefined ? undefined : await openedFrom(context, opened),
  }
}

async function entry(captured: Captured, opened: Captured | undefined) {
  return { captured, message: await captured.parse(), selected: captured === opened }
}

async function openedFrom(context: HttpContext, captured: Captured) {
  const message = await captured.parse()
  return {
    message,
    findings: lint(message),
    transcript: context.var.mail.transcript(message.session),
    tab: tabFrom(context, message.html === '' ? 'text' : 'html'),
    remote: context.req.query('remote') === '1',
    dark: context.req.query('scheme') === 'dark',
  }
}

function tabFrom(context: HttpContext, fallback: Tab): Tab {
  const asked = context.req.query('tab') ?? ''
  return isTab(asked) ? asked : fallback
}
