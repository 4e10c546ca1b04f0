/** `GET /api/stream`: the events of `/api/events` as server-sent events. */
import { streamSSE } from 'hono/streaming'
import type { HttpContext } from '../context.ts'
import { subscribe, type MailpitEvent } from '../mailpit/events.ts'

/** A comment now and then, so that proxies and dead connections show. In milliseconds. */
const HEARTBEAT = 15_000

export function stream(context: HttpContext) {
  const { mail } = context.var
  return streamSSE(context, async (events) => {
    const tell = ({ Type, Data }: MailpitEvent) =>
      void events.writeSSE({
        event: Type,
        data: JSON.stringify(Data),
        id: String(mail.mailbox.cursor),
      })
    const unsubscribe = subscribe(mail, tell)
    const beat = setInterval(() => void events.write(': still here\n\n'), HEARTBEAT)
    await events.write(': listening\n\n')
    await new Promise<void>((resolve) => events.onAbort(resolve))
    clearInterval(beat)
    unsubscribe()
  })
}
