/**
 * What the guard does with a socket, move by move, on whatever runtime this is
 * bundled for. Nothing here knows which.
 */
import type { Address, Connect, Socket, SocketOptions } from '../../../src/mail/smtp/socket.ts'

export interface Play {
  address: Address
  options: SocketOptions
  moves: readonly Move[]
}

/**
 * `hear` reads until that text has come; `end` until the other side has said
 * everything. Who gives up has waited in vain for a while, and closes without
 * insisting: workerd closes no socket whose TLS has not begun before the request is over.
 */
export type Move =
  | { hear: string }
  | { say: string }
  | 'opened'
  | 'end'
  | 'start TLS'
  | 'close'
  | 'closed'
  | 'close while it reads'
  | 'give up'

export interface Outcome {
  heard: string
  /** The move that failed, and how; none when all were made. */
  failed?: { move: Move; error: string }
}

export const STILL_WAITING = 'Still waiting'

/** In milliseconds: a move that takes so long would have taken for ever. */
const PATIENCE = 5000

/** Makes one move after the other, up to the first that fails. */
export async function play(connect: Connect, { address, options, moves }: Play): Promise<Outcome> {
  let player: Player | undefined
  for (const move of moves) {
    try {
      player ??= new Player(connect(address, options))
      await inTime(player.make(move))
    } catch (error) {
      return { heard: player?.heard ?? '', failed: { move, error: String(error) } }
    }
  }
  return { heard: player?.heard ?? '' }
}

class Player {
  heard = ''
  #socket: Socket
  #reader: ReadableStreamDefaultReader<Uint8Array>
  #writer: WritableStreamDefaultWriter<Uint8Array>

  constructor(socket: Socket) {
    this.#socket = socket
    this.#reader = socket.readable.getReader()
    this.#writer = socket.writable.getWriter()
    for (const promise of [socket.opened, socket.closed]) promise.catch(() => {})
  }

  async make(move: Move): Promise<void> {
    if (typeof move === 'object') return 'say' in move ? this.#say(move.say) : this.#hear(move.hear)
    if (move === 'opened') await this.#socket.opened
    if (move === 'end') await this.#hearEnd()
    if (move === 'start TLS') this.#startTls()
    if (move === 'close') await this.#socket.close()
    if (move === 'closed') await this.#socket.closed
    if (move === 'close while it reads') await this.#closeWhileReading()
    if (move === 'give up') await this.#giveUp()
  }

  async #say(text: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(text))
  }

  async #hear(text: string): Promise<void> {
    while (!this.heard.includes(text)) {
      if (!(await this.#read())) throw new Error('It ended')
    }
  }

  async #hearEnd(): Promise<void> {
    while (await this.#read());
  }

  async #read(): Promise<boolean> {
    const { done, value } = await this.#reader.read()
    if (value !== undefined) this.heard += new TextDecoder().decode(value)
    return !done
  }

  /** As the guard does: nothing is being read, and the old streams are let go. */
  #startTls(): void {
    this.#reader.releaseLock()
    this.#writer.releaseLock()
    this.#socket = this.#socket.startTls()
    this.#reader = this.#socket.readable.getReader()
    this.#writer = this.#socket.writable.getWriter()
    for (const promise of [this.#socket.opened, this.#socket.closed]) promise.catch(() => {})
  }

  /** What was waited for settles, one way or the other. */
  async #closeWhileReading(): Promise<void> {
    const settled = this.#reader.read().catch(() => {})
    await this.#socket.close().catch(() => {})
    await settled
  }

  async #giveUp(): Promise<void> {
    const patience = PATIENCE / 10
    await inTime(this.#hearEnd(), patience).catch(() => {})
    await inTime(this.#socket.close(), patience).catch(() => {})
  }
}

async function inTime(work: Promise<void>, patience = PATIENCE): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(STILL_WAITING)), patience)
  await Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
