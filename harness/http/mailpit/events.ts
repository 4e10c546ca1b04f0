/**
 * Events in Mailpit's words, for the WebSocket `/api/events` and for `/api/stream`.
 */
import type { MailServer } from '../../mail-server.ts'
import { totals } from './messages.ts'
import { listedMessage } from './shapes.ts'

export interface MailpitEvent {
  Type: 'new' | 'update' | 'delete' | 'prune' | 'truncate' | 'stats'
  Data: unknown
}

/** Calls `listener` with each event, in order, and with the totals after it; ends when the returned function is called. */
export function subscribe(mail: MailServer, listener: (event: MailpitEvent) => void): () => void {
  let told = Promise.resolve()
  return mail.mailbox.subscribe((event) => {
    told = told.then(async () => {
      listener({ Type: event.kind, Data: 'captured' in event ? await dataOf(event) : null })
      listener({ Type: 'stats', Data: stats(mail) })
    })
  })
}

function stats(mail: MailServer) {
  const { total, unread } = totals(mail)
  return { Total: total, Unread: unread }
}

type Change = Extract<
  Parameters<Parameters<MailServer['mailbox']['subscribe']>[0]>[0],
  { captured: unknown }
>

async function dataOf({ kind, captured }: Change) {
  if (kind === 'new') return listedMessage(captured)
  if (kind === 'update')
    return { ID: captured.id, Read: captured.read, ...(captured.tags && { Tags: captured.tags }) }
  return { ID: captured.id }
}
