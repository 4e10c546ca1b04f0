import type { SMTPServerDataStream } from 'smtp-server'

export type Collected =
  | { kind: 'whole'; raw: Buffer; bytes: number }
  | { kind: 'too-big' | 'no-room' | 'vanished'; bytes: number }

/**
 * Reads one message, holding no more than `limit` bytes of it: what is too big
 * is read to its end, as the client expects, and forgotten on the way.
 */
export function collect(
  stream: SMTPServerDataStream,
  limit: number,
  room: { take: (bytes: number) => boolean },
  done: (collected: Collected) => void,
) {
  let chunks: Buffer[] = []
  let bytes = 0
  let refusal: 'too-big' | 'no-room' | undefined
  const keep = (chunk: Buffer) => {
    if (refusal !== undefined) return
    if (stream.byteLength > limit) refusal = 'too-big'
    else if (!room.take(chunk.length)) refusal = 'no-room'
    if (refusal === undefined) bytes += chunk.length
    if (refusal === undefined) chunks.push(chunk)
    else chunks = []
  }
  stream.on('data', keep)
  stream.once('end', () => {
    if (refusal === undefined) done({ kind: 'whole', raw: Buffer.concat(chunks), bytes })
    else done({ kind: refusal, bytes })
  })
  stream.once('error', () => done({ kind: 'vanished', bytes }))
}
