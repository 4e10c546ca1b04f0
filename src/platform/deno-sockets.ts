/**
 * Sockets of Deno in the shape of `cloudflare:sockets`. Certificates are
 * checked against the host name, with Deno's authorities and that of DENO_CERT.
 */
import type { Connect, Socket } from '../mail/smtp/socket.ts'

/**
 * A `connect` over Deno.connect and Deno.startTls.
 *
 * @example
 * const transport = createSmtpTransport(settings, { connect: denoConnect() })
 */
export function denoConnect(): Connect {
  return ({ hostname, port }, { secureTransport }) => {
    const peer = { hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port }
    const connecting = Deno.connect(peer)
    return secureTransport === 'on'
      ? secure(connecting, peer.hostname)
      : wrap({ connecting, opened: connecting }, peer.hostname)
  }
}

interface Connection {
  /** What there is to close, also while the other side lets a handshake wait (Deno then drops it when that side does). */
  connecting: Promise<Deno.Conn>
  /** What can be read and written. */
  opened: Promise<Deno.Conn>
}

/** Deno would shake hands with the first byte; a certificate is judged before. */
function secure(below: Promise<Deno.Conn>, hostname: string): Socket {
  const connecting = below.then((conn) => Deno.startTls(conn, { hostname }))
  const opened = connecting.then(async (conn) => {
    await conn.handshake()
    return conn
  })
  return wrap({ connecting, opened }, hostname)
}

function wrap({ connecting, opened }: Connection, hostname: string): Socket {
  const { promise: closed, resolve: tellClosed } = Promise.withResolvers<void>()
  let isOpen = true
  const close = async () => {
    if (!isOpen) return
    isOpen = false
    tellClosed()
    const conn = await connecting.catch(() => null)
    conn?.close()
  }
  opened.catch(close) // Reads and writes wait for it, and fail with it.
  return {
    opened,
    closed,
    readable: new ReadableStream(
      { pull: async (into) => pull(await opened, into) },
      { highWaterMark: 0 },
    ),
    writable: new WritableStream({ write: async (chunk) => writeAll(await opened, chunk) }),
    close,
    startTls() {
      isOpen = false // The connection lives on in the other socket.
      return secure(opened, hostname)
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
