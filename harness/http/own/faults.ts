/** Faults for other languages. */
import type { Fault, FaultOptions, Stage } from '../../faults/fault.ts'
import { stages } from '../../faults/fault.ts'
import { HttpProblem, isObject, objectFrom, type HttpContext } from '../context.ts'
import { textFilter } from './filter-from.ts'

export function list(context: HttpContext) {
  return context.json({ faults: context.var.mail.faults.all.map(tell) })
}

export async function stage(context: HttpContext) {
  const { mail } = context.var
  const body = await objectFrom(context)
  const inbox = body['inbox']
  const options = optionsFrom(body)
  try {
    const fault = typeof inbox === 'string' ? mail.inbox(inbox).fail(options) : mail.fail(options)
    return context.json(tell(fault), 201)
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError)
      throw new HttpProblem(422, error.message)
    throw error
  }
}

export function clear(context: HttpContext) {
  context.var.mail.faults.clear()
  return context.body(null, 204)
}

export function remove(context: HttpContext) {
  const fault = context.var.mail.faults.all.find(({ id }) => id === context.req.param('id'))
  if (fault === undefined) throw new HttpProblem(404, 'No such fault')
  fault.remove()
  return context.body(null, 204)
}

function tell(fault: Fault) {
  const { id, owner, hits, spent } = fault
  return { id, inbox: owner ?? null, hits, spent, description: String(fault) }
}

/** What JSON can say of a fault: everything but `when`. */
function optionsFrom(body: Record<string, unknown>): FaultOptions {
  const at = stages.find((stage): stage is Stage => stage === body['at'])
  if (at === undefined) throw new HttpProblem(422, `at is one of ${stages.join(', ')}`)
  const { to, from, half, drop, certificate, hide, bounce } = body
  return {
    at,
    ...numbers(body),
    ...flags(body),
    ...(typeof body['text'] === 'string' && { text: body['text'] }),
    ...(typeof to === 'string' && { to: textFilter(to) }),
    ...(typeof from === 'string' && { from: textFilter(from) }),
    ...((half === 'drop' || half === 'hang') && { half }),
    ...((drop === true || drop === 'reset') && { drop }),
    ...((certificate === 'expired' ||
      certificate === 'other-host' ||
      certificate === 'other-ca') && {
      certificate,
    }),
    ...(Array.isArray(hide) && { hide: hide.map(String) }),
    ...(isObject(bounce) && { bounce }),
  }
}

function numbers(body: Record<string, unknown>) {
  const names = ['times', 'after', 'code', 'delay'] as const
  return Object.fromEntries(
    names.flatMap((name) => (typeof body[name] === 'number' ? [[name, body[name]]] : [])),
  )
}

function flags(body: Record<string, unknown>) {
  return {
    ...(body['hang'] === true && { hang: true }),
    ...(body['keep'] === true && { keep: true }),
  }
}
