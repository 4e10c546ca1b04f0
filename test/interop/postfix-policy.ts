/**
 * A policy server in Postfix's protocol (SMTPD_POLICY_README): greylists whom
 * it has not seen, and knows which mailboxes are full, as postgrey and
 * Dovecot's quota-status do.
 */
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

const FULL = '552 5.2.2 Mailbox is full'
const GREYLISTED = '450 4.2.0 Greylisted, come back later'

/** Starts the server; what it answers for whom is set on the way. */
export async function startPolicy() {
  const full = new Set<string>()
  const greylisted = new Set<string>()
  const server = createServer((socket) => {
    let text = ''
    socket.on('error', () => {}) // Postfix that is ended by force.
    socket.on('data', (chunk) => {
      text += chunk.toString()
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        socket.write(`action=${decide(text.slice(0, end))}\n\n`)
        text = text.slice(end + 2)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function decide(request: string): string {
    const recipient = /^recipient=(.*)$/m.exec(request)?.[1] ?? ''
    if (full.has(recipient)) return FULL
    // The first try is put off, the next one is let through.
    return greylisted.delete(recipient) ? GREYLISTED : 'DUNNO'
  }

  return {
    port: (server.address() as AddressInfo).port,
    full,
    greylisted,
    stop: () => void server.close(),
  }
}
