/**
 * The HTTP side: the inbox page, Mailpit's API and our own, on one port.
 */
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { MailServer } from '../mail-server.ts'
import { createHttpApp } from './app.tsx'

export interface HttpServer {
  url: string
  stop(): Promise<void>
}

export async function openHttp(mail: MailServer, port: number): Promise<HttpServer> {
  const app = createHttpApp(mail)
  const answer = getRequestListener(app.fetch)
  const server = createServer((request, response) => void answer(request, response))
  const bound = await listen(server, port, mail.host)
  return { url: `http://${urlHost(mail.host)}:${bound}`, stop: () => stop(server) }
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

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function urlHost(host: string) {
  return host.includes(':') ? `[${host}]` : host
}
