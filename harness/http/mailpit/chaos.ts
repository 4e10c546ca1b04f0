/**
 * Mailpit's Chaos: failures by chance, for everybody. Here they follow a seed, so
 * that a run can be had again.
 */
import type { Fault, Stage } from '../../faults/fault.ts'
import { chaos } from '../../faults/presets.ts'
import type { MailServer } from '../../mail-server.ts'
import { HttpProblem, isObject, objectFrom, type HttpContext } from '../context.ts'

interface Trigger {
  ErrorCode: number
  Probability: number
}

const triggers = [
  { name: 'Sender', at: 'mail', code: 451 },
  { name: 'Recipient', at: 'rcpt', code: 451 },
  { name: 'Authentication', at: 'auth', code: 535 },
] as const satisfies { name: string; at: Stage; code: number }[]

type Triggers = Record<(typeof triggers)[number]['name'], Trigger>

const staged = new WeakMap<MailServer, { triggers: Triggers; faults: Fault[] }>()

export function get(context: HttpContext) {
  return context.json(staged.get(context.var.mail)?.triggers ?? read({}))
}

export async function set(context: HttpContext) {
  const { mail } = context.var
  const wanted = read(await objectFrom(context))
  for (const fault of staged.get(mail)?.faults ?? []) fault.remove()
  const faults = triggers.flatMap(({ name, at }) => stage(mail, at, wanted[name]))
  staged.set(mail, { triggers: wanted, faults })
  return context.json(wanted)
}

function stage(mail: MailServer, at: Stage, { ErrorCode, Probability }: Trigger): Fault[] {
  if (Probability === 0) return []
  return [mail.fail(chaos({ at, code: ErrorCode, probability: Probability / 100 }))]
}

/** What is left out goes back to never. */
function read(body: Record<string, unknown>): Triggers {
  const [sender, recipient, authentication] = triggers.map(({ name, code }) =>
    trigger(body[name], code),
  )
  if (!sender || !recipient || !authentication) throw new HttpProblem(400, 'Missing trigger')
  return { Sender: sender, Recipient: recipient, Authentication: authentication }
}

function trigger(value: unknown, code: number): Trigger {
  const given = isObject(value) ? value : {}
  const ErrorCode =
    Number(given['ErrorCode'] ?? code) === 0 ? code : Number(given['ErrorCode'] ?? code)
  const Probability = Number(given['Probability'] ?? 0)
  if (!(ErrorCode >= 400 && ErrorCode <= 599)) {
    throw new HttpProblem(400, 'error code must be between 400 and 599')
  }
  if (!(Probability >= 0 && Probability <= 100)) {
    throw new HttpProblem(400, 'probability must be between 0 and 100')
  }
  return { ErrorCode, Probability }
}
