/** Inboxes for other languages: open one, then wait; the server holds the request until mail comes. */
import type { Inbox } from '../../inbox/inbox.ts'
import { MessageTimeoutError } from '../../inbox/message-timeout-error.ts'
import type { Message } from '../../message/message.ts'
import { HttpProblem, numberFrom, objectFrom, stringOf, type HttpContext } from '../context.ts'
import { fullMessage } from '../mailpit/shapes.ts'
import { filterFrom } from './filter-from.ts'

/** How long a request may be held, at most and by default. In milliseconds. */
const LONGEST_WAIT = 300_000
const USUAL_WAIT = 10_000

export async function open(context: HttpContext) {
  const { mail } = context.var
  const name = stringOf((await objectFrom(context))['address'], 'address')
  const inbox = mail.inbox(name === '' ? undefined : name)
  return context.json(tell(inbox, mail.mailbox.cursor), 201)
}

export async function show(context: HttpContext) {
  const { mail } = context.var
  const inbox = mail.inbox(addressOf(context))
  const waiting = (await inbox.waiting()).map(({ id, subject }) => ({ id, subject }))
  return context.json({ ...tell(inbox, mail.mailbox.cursor), waiting })
}

/** Gives each message once, as `inbox.next()` does; `consume=0` leaves it. */
export function wait(context: HttpContext) {
  return hold(context, context.var.mail.inbox(addressOf(context)))
}

/** Whatever comes, for anybody: the next message after `since`, or after now. */
export async function waitAnywhere(context: HttpContext) {
  const { mail } = context.var
  const everything = mail.everything()
  const since = numberFrom(context, 'since', mail.mailbox.cursor)
  try {
    return await hold(context, everything.inbox, { since, consume: false })
  } finally {
    everything.close()
  }
}

async function hold(
  context: HttpContext,
  inbox: Inbox,
  forced: { since?: number; consume?: boolean } = {},
) {
  const { since, consume = context.req.query('consume') !== '0' } = forced
  const filter = { ...filterFrom(context), ...(since !== undefined && { since }) }
  const timeout = Math.min(numberFrom(context, 'timeout', USUAL_WAIT), LONGEST_WAIT)
  try {
    const message = await inbox.next(filter, { timeout, consume, signal: context.req.raw.signal })
    return context.json(await answer(context, message))
  } catch (error) {
    if (!(error instanceof MessageTimeoutError)) throw error
    return context.json({ error: error.message, url: context.var.mail.url }, 408)
  }
}

async function answer(context: HttpContext, message: Message) {
  const captured = context.var.mail.mailbox.get(message.id)
  if (captured === undefined) throw new HttpProblem(404, 'The message came and is gone already')
  const { links, codes, envelope, tls, auth, sequence } = message
  return { ...(await fullMessage(captured)), links, codes, envelope, tls, auth, cursor: sequence }
}

function addressOf(context: HttpContext) {
  return context.req.param('address') ?? ''
}

function tell({ address, credentials }: Inbox, cursor: number) {
  return { address, ...credentials, cursor }
}
