/** Lists of messages: all, or those that a search finds. */
import type { Captured } from '../../mailbox/captured.ts'
import type { MailServer } from '../../mail-server.ts'
import {
  HttpProblem,
  kept,
  numberFrom,
  objectFrom,
  stringOf,
  stringsOf,
  type HttpContext,
} from '../context.ts'
import { found } from './search.ts'
import { listedMessage } from './shapes.ts'
import { allTags } from './tags.ts'

/** As many as Mailpit gives at once when nobody asks for more. */
const PAGE = 50

export async function list(context: HttpContext) {
  const { mail } = context.var
  return context.json(await summary(context, mail.mailbox.all.reverse()))
}

export async function search(context: HttpContext) {
  return context.json(await summary(context, await byQuery(context)))
}

export async function setRead(context: HttpContext) {
  const body = await objectFrom(context)
  const { mailbox } = context.var.mail
  const read = body['Read'] === true
  for (const captured of await named(context, body)) mailbox.update(captured, { read })
  return context.text('ok')
}

/** A body that is no JSON deletes everything, as it does with Mailpit. */
export async function remove(context: HttpContext) {
  const { mail } = context.var
  const body = await objectFrom(context).catch(() => ({ IDs: [] }))
  const ids = stringsOf(body['IDs'], 'IDs')
  mail.counts.deleted += ids.length === 0 ? mail.mailbox.size : ids.length
  if (ids.length === 0) mail.mailbox.clear()
  for (const id of ids) mail.mailbox.delete(id)
  return context.text('ok')
}

export async function removeFound(context: HttpContext) {
  const { mail } = context.var
  for (const { id } of await byQuery(context)) {
    mail.mailbox.delete(id)
    mail.counts.deleted += 1
  }
  return context.text('ok')
}

/** The newest message, or the newest that `query` finds. */
export async function latest(context: HttpContext): Promise<Captured> {
  const query = context.req.query('query') ?? ''
  const [newest] =
    query.trim() === '' ? context.var.mail.mailbox.all.reverse() : await byQuery(context)
  if (newest === undefined) throw new HttpProblem(404, 'Message not found')
  return newest
}

/** The message of the path, `latest` included. */
export function chosen(context: HttpContext): Promise<Captured> {
  const id = context.req.param('id') ?? ''
  return id === 'latest' ? latest(context) : Promise.resolve(kept(context, id))
}

function byQuery(context: HttpContext): Promise<Captured[]> {
  const query = (context.req.query('query') ?? '').trim()
  if (query === '') throw new HttpProblem(400, 'Error: no search query')
  return found(context.var.mail.mailbox, query, context.req.query('tz'))
}

async function named(context: HttpContext, body: Record<string, unknown>): Promise<Captured[]> {
  const ids = stringsOf(body['IDs'], 'IDs')
  const query = stringOf(body['Search'], 'Search').trim()
  const { mailbox } = context.var.mail
  if (ids.length > 0 && query !== '') {
    throw new HttpProblem(400, 'You may specify either IDs or a search query, not both')
  }
  if (query !== '') return found(mailbox, query, context.req.query('tz'))
  return ids.length === 0 ? mailbox.all : ids.map((id) => kept(context, id))
}

async function summary(context: HttpContext, matching: Captured[]) {
  const { mail } = context.var
  const start = numberFrom(context, 'start', 0)
  const page = matching.slice(start, start + numberFrom(context, 'limit', PAGE))
  return {
    ...totals(mail),
    count: page.length,
    messages_count: matching.length,
    messages_unread: unreadOf(matching),
    start,
    tags: await allTags(mail.mailbox),
    messages: await Promise.all(page.map(listedMessage)),
  }
}

export function totals({ mailbox }: MailServer) {
  return { total: mailbox.size, unread: unreadOf(mailbox.all) }
}

function unreadOf(messages: Captured[]) {
  return messages.filter(({ read }) => !read).length
}
