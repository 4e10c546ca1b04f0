/**
 * What worker-mailer gets when it imports `cloudflare:sockets`: wrangler.toml's
 * alias and build/bundle.ts lead here. A socket of the runtime, with a dialogue
 * looking at every byte both ways. It hands on one whole reply per read,
 * and turns the end of the stream into an error, which worker-mailer 1.2.1 would
 * wait out in a loop that stops the whole Worker.
 */
import type { Dialogue } from './dialogue.ts'
import type { Address, Socket, SocketOptions } from './socket.ts'

let handedOver: Dialogue | undefined

/**
 * Runs `start`, whose synchronous part calls `connect` below, with `dialogue`
 * on the socket that comes of it. Taken over synchronously, so that
 * dialogues at the same time cannot get each other's sockets.
 */
export function withDialogue<T>(dialogue: Dialogue, start: () => T): T {
  handedOver = dialogue
  try {
    return start()
  } finally {
    handedOver = undefined
  }
}

/** In place of `connect` of `cloudflare:sockets`. */
export function connect(address: Address, options: SocketOptions): Socket {
  if (handedOver === undefined) throw new TypeError('Open sockets through an SMTP transport only')
  const dialogue = handedOver
  const socket = guard(dial(dialogue, address, options), dialogue)
  return { ...socket, opened: opened(socket, dialogue) }
}

/** Runtimes throw at once for what they take for no address, or one they do not allow. */
function dial(dialogue: Dialogue, address: Address, options: SocketOptions): Socket {
  try {
    return dialogue.connect(address, options)
  } catch (cause) {
    throw dialogue.unreachable(cause)
  }
}

async function opened(socket: Socket, dialogue: Dialogue): Promise<unknown> {
  const info = await Promise.race([socket.opened, dialogue.broken]).catch((cause: unknown) => {
    throw dialogue.unreachable(cause)
  })
  dialogue.opened()
  return info
}

function guard(socket: Socket, dialogue: Dialogue): Socket {
  const reader = socket.readable.getReader()
  const writer = socket.writable.getWriter()
  const { opened, closed } = socket
  closed.catch(() => {}) // Told by the read or write that it ends.
  dialogue.broken.catch(() => close(socket))
  return {
    opened,
    closed,
    readable: replies(reader, dialogue),
    writable: commands(writer, dialogue),
    close: () => close(socket),
    startTls() {
      dialogue.startTls()
      reader.releaseLock()
      writer.releaseLock()
      return guard(socket.startTls(), dialogue)
    },
  }
}

/** One whole reply per read. Nothing is read ahead: after STARTTLS the next bytes belong to TLS. */
function replies(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  dialogue: Dialogue,
): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        let reply = dialogue.nextReply()
        while (reply === null) {
          dialogue.incoming(await readChunk(reader, dialogue))
          reply = dialogue.nextReply()
        }
        controller.enqueue(new TextEncoder().encode(reply))
      },
    },
    { highWaterMark: 0 },
  )
}

async function readChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  dialogue: Dialogue,
): Promise<Uint8Array> {
  const { done, value } = await Promise.race([reader.read(), dialogue.broken]).catch(
    (cause: unknown) => {
      throw dialogue.lost(cause)
    },
  )
  if (done) throw dialogue.ended()
  return value
}

function commands(
  writer: WritableStreamDefaultWriter<Uint8Array>,
  dialogue: Dialogue,
): WritableStream<Uint8Array> {
  return new WritableStream({
    async write(chunk) {
      const allowed = dialogue.outgoing(chunk)
      if (allowed.length === 0) return
      await Promise.race([writer.write(allowed), dialogue.broken]).catch((cause: unknown) => {
        throw dialogue.lost(cause)
      })
    },
  })
}

/** A socket that cannot be closed is closed already. */
async function close(socket: Socket): Promise<void> {
  await socket.close().catch(() => {})
}
