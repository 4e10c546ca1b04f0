/**
 * The WebSocket `/api/events`, as Mailpit's clients know it. Guarded like every
 * other request: browsers ask no leave before they open one across sites.
 */
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { MailServer } from '../mail-server.ts'
import { refusal, type GuardOptions } from './guard.ts'
import { subscribe } from './mailpit/events.ts'

/** Bytes that may wait for a client that does not read; one that lets more pile up is cut off. */
const MAX_BACKLOG = 8 * 1024 * 1024

/** Nobody has anything to say here. In bytes. */
const MAX_PAYLOAD = 1024

export function openSockets(server: Server, mail: MailServer, guard: GuardOptions): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_PAYLOAD })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const status = statusFor(request, guard)
    if (status !== undefined) turnAway(socket, status)
    else sockets.handleUpgrade(request, socket, head, (client) => serve(client, mail))
  })
  return () => {
    for (const client of sockets.clients) client.terminate()
    sockets.close()
  }
}

function statusFor(request: IncomingMessage, guard: GuardOptions): 401 | 403 | 404 | undefined {
  const header = (name: string) => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : undefined
  }
  if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/api/events') return 404
  return refusal('GET', header, guard)?.status
}

function turnAway(socket: Duplex, status: 401 | 403 | 404) {
  const ask = status === 401 ? 'WWW-Authenticate: Basic realm="Login"\r\n' : ''
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${ask}Connection: close\r\nContent-Length: 0\r\n\r\n`,
  )
}

function serve(client: WebSocket, mail: MailServer) {
  const unsubscribe = subscribe(mail, (event) => {
    if (client.bufferedAmount > MAX_BACKLOG) client.terminate()
    else client.send(JSON.stringify(event))
  })
  client.on('close', unsubscribe)
  client.on('error', () => client.terminate())
}
