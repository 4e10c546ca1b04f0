/**
 * A Worker that does nothing but deliver: what to send where comes in as JSON,
 * what came of it goes out as JSON. `GET /` answers at once, so that a test can see
 * whether the Worker still does.
 */
import { parseAddress } from '../../../src/account/address.ts'
import { createMessage } from '../../../src/mail/message.ts'
import { SmtpError } from '../../../src/mail/smtp/smtp-error.ts'
import { createSmtpTransport, type Connection } from '../../../src/mail/smtp/transport.ts'
import type { Delivery, Outcome, Reported, Task } from './task.ts'

export default {
  async fetch(request: Request): Promise<Response> {
    if (request.method === 'GET') return new Response('here')
    const task: Task = await request.json()
    return Response.json(await run(task))
  },
}

async function run({ settings, deadlines, messages }: Task): Promise<Outcome> {
  const stages: string[] = []
  const sender = { ...settings.sender, address: addressOf(settings.sender.address) }
  try {
    const transport = createSmtpTransport(
      { ...settings, sender },
      { deadlines, observe: (stage, { code }) => stages.push(`${stage} ${code}`) },
    )
    const connection = await transport.connect()
    const results: Reported[] = []
    for (const message of messages) results.push(await deliver(connection, { ...message, sender }))
    await connection.close()
    return { opened: { ok: true }, messages: results, usable: connection.usable, stages }
  } catch (error) {
    return { opened: report(error), messages: [], usable: false, stages }
  }
}

async function deliver(
  connection: Connection,
  { sender, to, ...fields }: Delivery & { sender: Parameters<typeof createMessage>[0]['from'] },
): Promise<Reported> {
  try {
    const message = createMessage({
      ...fields,
      from: sender,
      to: addressOf(to),
      date: new Date('2026-07-01T12:00:00Z'),
    })
    const { code, enhanced, text } = await connection.deliver(message)
    return { ok: true, reply: { code, ...(enhanced !== undefined && { enhanced }), text } }
  } catch (error) {
    return report(error)
  }
}

function report(error: unknown): Reported {
  if (!(error instanceof SmtpError)) return { ok: false, message: String(error) }
  const { stage, trouble, code, enhanced, permanent, message, cause } = error
  return { ok: false, stage, trouble, code, enhanced, permanent, message, cause: String(cause) }
}

function addressOf(text: string) {
  const address = parseAddress(text)
  if (address === null) throw new RangeError(`Not an address: ${text}`)
  return address
}
