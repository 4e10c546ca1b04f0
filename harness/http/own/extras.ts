/** What Mailpit does not tell of a message: links, codes, what is wrong with it, how it came. */
import { lint } from '../../lint/lint.ts'
import type { Transcript } from '../../smtp/transcript.ts'
import { HttpProblem, objectFrom, stringOf, stringsOf, type HttpContext } from '../context.ts'
import { chosen } from '../mailpit/messages.ts'

export async function links(context: HttpContext) {
  const message = await (await chosen(context)).parse()
  return context.json({ links: message.links })
}

export async function codes(context: HttpContext) {
  const message = await (await chosen(context)).parse()
  return context.json({ codes: message.codes })
}

export async function lintMessage(context: HttpContext) {
  return context.json({ findings: lint(await (await chosen(context)).parse()) })
}

export async function transcript(context: HttpContext) {
  const { delivery } = await chosen(context)
  const found = context.var.mail.transcript(delivery.session)
  if (found === undefined) throw new HttpProblem(404, 'No transcript is kept of this session')
  return context.json(tell(found))
}

export function transcripts(context: HttpContext) {
  return context.json({ transcripts: context.var.mail.transcripts.map(tell) })
}

export async function bounce(context: HttpContext) {
  const captured = await chosen(context)
  const body = await objectFrom(context)
  const to = typeof body['to'] === 'string' ? [body['to']] : stringsOf(body['to'], 'to')
  const status = stringOf(body['status'], 'status')
  const diagnostic = stringOf(body['diagnostic'], 'diagnostic')
  context.var.mail.bounce(captured, {
    action: actionOf(stringOf(body['action'], 'action')),
    ...(to.length > 0 && { to }),
    ...(status !== '' && { status }),
    ...(diagnostic !== '' && { diagnostic }),
  })
  return context.body(null, 204)
}

function actionOf(action: string) {
  if (action === 'delayed' || action === 'delivered') return action
  if (action === '' || action === 'failed') return 'failed'
  throw new HttpProblem(422, 'action is one of failed, delayed, delivered')
}

function tell({ id, client, startedAt, endedAt, lines, refusals }: Transcript) {
  return { id, client, startedAt, endedAt: endedAt ?? null, refusals, lines }
}
