/** A stock `smtp-server` that keeps what it is sent: envelope and raw bytes. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerEnvelope, type SMTPServerOptions } from 'smtp-server'

export interface Letter {
  envelope: SMTPServerEnvelope
  raw: string
  /** Whether it came over TLS. */
  secure: boolean
  user: string | undefined
}

/** Starts the server on a free loopback port. */
export async function startMailbox(options: SMTPServerOptions = {}) {
  const letters: Letter[] = []
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    closeTimeout: 100,
    ...options,
    onData(stream, { envelope, secure, user }, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        letters.push({ envelope, raw: Buffer.concat(chunks).toString('utf8'), secure, user })
        callback()
      })
    },
  })
  server.on('error', () => {}) // Connections that a test breaks off.
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    port,
    letters,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
