/**
 * Sockets of Deno in the shape of `cloudflare:sockets`. Certificates are
 * checked against the host name, with Deno's authorities and that of DENO_CERT.
 */
import type { Connect, Socket } from '../mail/smtp/socket.ts'

/**
 * A `connect` over Deno.connect, Deno.connectTls and Deno.startTls.
 *
 * @example
 * const transport = createSmtpTransport(settings, { connect: denoConnect() })
 */
export function denoConnect(): Connect {
  return ({ hostname, port }, { secureTransport }) => {
    const peer = { hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port }
    const connecting = secureTransport === 'on' ? connectTls(peer) : Deno.connect(peer)
    return wrap(connecting, peer.hostname)
  }
}

async function connectTls(peer: Deno.Peer): Promise<Deno.Conn> {
  return shakeHands(await Deno.connectTls(peer))
}

async function startTls(connecting: Promise<Deno.Conn>, hostname: string): Promise<Deno.Conn> {
  return shakeHands(await Deno.startTls(await connecting, { hostname }))
}

/** Deno would shake hands with the first byte; a certificate is judged before. */
async function shakeHands(conn: Deno.TlsConn): Promise<Deno.Conn> {
  try {
    await conn.handshake()
    return conn
  } catch (error) {
    conn.close()
    throw error
  }
}

function wrap(connecting: Promise<Deno.Conn>, hostname: string): Socket {
  const { promise: closed, resolve: tellClosed } = Promise.withResolvers<void>()
  connecting.catch(() => tellClosed()) // Reads and writes wait for it, and fail with it.
  let isOpen = true
  const close = async () => {
    if (!isOpen) return
    isOpen = false
    tellClosed()
    const conn = await connecting.catch(() => null)
    conn?.close()
  }
  return {
    opened: connecting,
    closed,
    readable: new ReadableStream(
      { pull: async (into) => pull(await connecting, into) },
      { highWaterMark: 0 },
    ),
    writable: new WritableStream({ write: async (chunk) => writeAll(await connecting, chunk) }),
    close,
    startTls() {
      isOpen = false // The connection lives on in the other socket.
      return wrap(startTls(connecting, hostname), hostname)
    },
  }
}

/** In bytes. A reply of a mail server rarely has more. */
const CHUNK = 4096

async function pull(
  conn: Deno.Conn,
  into: ReadableStreamDefaultController<Uint8Array>,
): Promise<void> {
  const bytes = new Uint8Array(CHUNK)
  const length = await conn.read(bytes)
  if (length === null) into.close()
  else into.enqueue(bytes.subarray(0, length))
}

async function writeAll(conn: Deno.Conn, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length; done += await conn.write(chunk.subarray(done)));
}
