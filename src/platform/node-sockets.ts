/**
 * Sockets of Node in the shape of `cloudflare:sockets`, so that a command run
 * by Node speaks SMTP through the same guard and dialogue as the service.
 */
import { once } from 'node:events'
import { connect as connectTcp, type Socket as TcpSocket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { Address, Connect, Socket, TlsFacts, Watch } from '../mail/smtp/socket.ts'

/**
 * A `connect` over node:net and node:tls. Certificates are checked against the
 * host name, with Node's authorities and those of NODE_EXTRA_CA_CERTS.
 *
 * @example
 * const transport = createSmtpTransport(settings, { connect: nodeConnect() })
 */
export function nodeConnect(watch: Watch = {}): Connect {
  return ({ hostname, port }, { secureTransport }) => {
    const host = hostname.replace(/^\[(.*)\]$/, '$1')
    const tcp = connectTcp({ host, port })
    tcp.once('connect', () => watch.connected?.(tcp.remoteAddress ?? host))
    const address = { hostname: host, port }
    return secureTransport === 'on'
      ? secure(tcp, { address, watch })
      : wrap(tcp, 'connect', { address, watch })
  }
}

interface Context {
  address: Address
  watch: Watch
}

/** TLS over a connected or connecting socket. Server names are never IP addresses (RFC 6066 §3). */
function secure(tcp: TcpSocket, context: Context): Socket {
  const { hostname } = context.address
  const tls = connectTls({ socket: tcp, host: hostname, servername: serverName(hostname) })
  tls.once('secureConnect', () => context.watch.secured?.(factsOf(tls)))
  return wrap(tls, 'secureConnect', context)
}

function serverName(hostname: string): string {
  return /^[\d.]+$|:/.test(hostname) ? '' : hostname
}

function wrap(socket: TcpSocket, ready: 'connect' | 'secureConnect', context: Context): Socket {
  const opened = once(socket, ready)
  const closed = once(socket, 'close').then(() => {})
  for (const promise of [opened, closed]) promise.catch(() => {}) // Reads and writes wait for it, and fail with it.
  const chunks = socket.iterator({ destroyOnReturn: false })
  return {
    opened,
    closed,
    readable: new ReadableStream(
      { pull: (into) => opened.then(() => pull(chunks, into)) },
      { highWaterMark: 0 },
    ),
    writable: new WritableStream({ write: (chunk) => opened.then(() => write(socket, chunk)) }),
    async close() {
      socket.destroy()
    },
    startTls() {
      void chunks.return?.()
      return secure(socket, context)
    },
  }
}

async function pull(
  chunks: AsyncIterator<Uint8Array>,
  into: ReadableStreamDefaultController<Uint8Array>,
): Promise<void> {
  const { done, value } = await chunks.next()
  if (done === true) into.close()
  else into.enqueue(value)
}

function write(socket: TcpSocket, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(chunk, (error) => (error ? reject(error) : resolve()))
  })
}

function factsOf(tls: TLSSocket): TlsFacts {
  const { subject, issuer, valid_to } = tls.getPeerCertificate()
  return {
    protocol: tls.getProtocol() ?? 'TLS',
    subject: nameOf(subject),
    issuer: nameOf(issuer),
    validTo: new Date(valid_to),
  }
}

function nameOf({ CN, O }: { CN?: string | string[]; O?: string | string[] }): string {
  return [O ?? CN ?? 'nobody'].flat().join(', ')
}
