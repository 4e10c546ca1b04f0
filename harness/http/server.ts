/**
 * The HTTP side: the inbox page, Mailpit's API and our own, on one port.
 */
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { MailServer } from '../mail-server.ts'
import { createHttpApp } from './app.tsx'
import { openSockets } from './sockets.ts'

export interface HttpServer {
  url: string
  stop(): Promise<void>
}

export async function openHttp(mail: MailServer, port: number): Promise<HttpServer> {
  const hosts = [mail.host, ...(mail.options.hosts ?? [])].map((host) => host.toLowerCase())
  const guard = { hosts, auth: mail.options.inboxAuth }
  const answer = getRequestListener(createHttpApp(mail, guard).fetch)
  const server = createServer((request, response) => void answer(request, response))
  const closeSockets = openSockets(server, mail, guard)
  const bound = await listen(server, port, mail.host)
  const stop = async () => {
    closeSockets()
    await close(server)
  }
  return { url: `http://${urlHost(mail.host)}:${bound}`, stop }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('Not a TCP listener'))
      else resolve(address.port)
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** An address that means "all of them" is no address to go to. */
function urlHost(host: string) {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
