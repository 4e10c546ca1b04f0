/** One message: in full, its header, its source, its parts. */
import type { Captured } from '../../mailbox/captured.ts'
import type { Attachment } from '../../message/attachment.ts'
import { HttpProblem, type HttpContext } from '../context.ts'
import { chosen } from './messages.ts'
import { fullMessage, partOf } from './shapes.ts'
import { thumbnailOf } from './thumbnail.ts'

/** Marks it as read, as Mailpit does. */
export async function summary(context: HttpContext) {
  const captured = await chosen(context)
  if (!captured.read) context.var.mail.mailbox.update(captured, { read: true })
  return context.json(await fullMessage(captured))
}

/** Every field by its name, in the order of the alphabet, each with all its values. */
export async function headers(context: HttpContext) {
  const message = await (await chosen(context)).parse()
  const sorted = message.headers
    .map(({ name, value }) => ({ name: canonical(name), value }))
    .sort((a, b) => a.name.localeCompare(b.name))
  const fields: Record<string, string[]> = {}
  for (const { name, value } of sorted) fields[name] = [...(fields[name] ?? []), value]
  return context.json(fields)
}

export async function raw(context: HttpContext) {
  const captured = await chosen(context)
  context.header('Content-Type', 'text/plain; charset=utf-8')
  if (context.req.query('dl') === '1') {
    context.header('Content-Disposition', `attachment; filename="${captured.id}.eml"`)
  }
  return context.body(new Uint8Array(captured.raw))
}

export async function part(context: HttpContext) {
  const found = await partFrom(context, await chosen(context))
  const name = encodeURIComponent(found.filename === '' ? found.contentId : found.filename)
  context.header('Content-Type', isActive(found) ? 'application/octet-stream' : found.contentType)
  context.header(
    'Content-Disposition',
    `${isActive(found) ? 'attachment' : 'inline'}; filename="${name}"`,
  )
  return context.body(new Uint8Array(found.content))
}

export async function thumbnail(context: HttpContext) {
  const found = await partFrom(context, await chosen(context))
  context.header('Content-Type', 'image/jpeg')
  return context.body(new Uint8Array(await thumbnailOf(found)))
}

async function partFrom(context: HttpContext, captured: Captured): Promise<Attachment> {
  const found = partOf(await captured.parse(), context.req.param('part') ?? '')
  if (found === undefined) throw new HttpProblem(404, 'Part not found')
  return found
}

/** Markup that a browser would run as a page of this origin. */
function isActive({ contentType }: Attachment) {
  return /^(text\/(html|xml|xsl)|application\/(xhtml\+)?xml|image\/svg\+xml)/i.test(contentType)
}

/** `message-id` as Go writes it, which is how Mailpit does: `Message-Id`. */
function canonical(name: string) {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())
}
