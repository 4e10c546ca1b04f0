/**
 * Tags: set over the API, or by the message itself through `X-Tags` and plus addresses.
 */
import type { Captured } from '../../mailbox/captured.ts'
import type { Message } from '../../message/message.ts'
import type { Mailbox } from '../../mailbox/mailbox.ts'
import { HttpProblem, kept, objectFrom, stringOf, stringsOf, type HttpContext } from '../context.ts'

/** The tags of a message, sorted: those that were set, else its own. */
export function tagsOf(captured: Captured, message: Message): string[] {
  const own = known.get(captured) ?? ownTags(message)
  known.set(captured, own)
  return captured.tags ?? own
}

/** Every list says which tags there are, so no message is parsed for it twice. */
const known = new WeakMap<Captured, string[]>()

/** Every tag in use, sorted. */
export async function allTags(mailbox: Mailbox): Promise<string[]> {
  const lists = await Promise.all(
    mailbox.all.map(
      async (captured) =>
        captured.tags ?? known.get(captured) ?? tagsOf(captured, await captured.parse()),
    ),
  )
  return unique(lists.flat())
}

export async function list(context: HttpContext) {
  return context.json(await allTags(context.var.mail.mailbox))
}

export async function set(context: HttpContext) {
  const body = await objectFrom(context)
  const tags = unique(stringsOf(body['Tags'], 'Tags').map(clean))
  const ids = stringsOf(body['IDs'], 'IDs')
  if (ids.length === 0) throw new HttpProblem(400, 'No IDs given')
  for (const id of ids) context.var.mail.mailbox.update(kept(context, id), { tags })
  return context.text('ok')
}

export async function rename(context: HttpContext) {
  const old = context.req.param('tag') ?? ''
  const name = clean(stringOf((await objectFrom(context))['Name'], 'Name'))
  if (name === '') throw new HttpProblem(400, 'Invalid tag name')
  await change(context, old, (tags) => unique([...tags.filter((tag) => tag !== old), name]))
  return context.text('ok')
}

export async function remove(context: HttpContext) {
  const old = context.req.param('tag') ?? ''
  await change(context, old, (tags) => tags.filter((tag) => tag !== old))
  return context.text('ok')
}

async function change(
  { var: { mail } }: HttpContext,
  tag: string,
  edit: (tags: string[]) => string[],
) {
  for (const captured of mail.mailbox.all) {
    const tags = tagsOf(captured, await captured.parse())
    if (tags.includes(tag)) mail.mailbox.update(captured, { tags: edit(tags) })
  }
}

function ownTags(message: Message): string[] {
  const field = (message.header('X-Tags') ?? '').split(',')
  const plus = message.envelope.to.flatMap(
    (address) => /\+([^@]+)@/.exec(address)?.[1]?.split('+') ?? [],
  )
  return unique([...field, ...plus].map(clean))
}

/** Letters, digits, `-`, `.`, `_` and single spaces; the rest is dropped. */
function clean(tag: string) {
  return tag
    .replace(/[^\p{L}\p{N}\-. _]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
}

function unique(tags: string[]) {
  return [...new Set(tags.filter((tag) => tag !== ''))].sort((a, b) => a.localeCompare(b))
}
