/**
 * An SMTP client that does as it is told, line by line and byte by byte.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

export class Dialogue implements AsyncDisposable {
  #socket: Socket
  #text = ''
  #wake: () => void = () => undefined
  /** How the connection ended, once it has. */
  end: 'closed' | 'reset' | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#listen(socket)
  }

  /** Connects, and reads the greeting unless told not to. */
  static async open(port: number, { greeting = true } = {}): Promise<Dialogue> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const dialogue = new Dialogue(socket)
    await once(socket, 'connect')
    if (greeting) await dialogue.reply()
    return dialogue
  }

  /** Sends one line and resolves to the whole reply. */
  say(line: string): Promise<string> {
    this.write(`${line}\r\n`)
    return this.reply()
  }

  /** Says several lines, and resolves to the last reply. */
  async sayAll(...lines: string[]): Promise<string> {
    let reply = ''
    for (const line of lines) reply = await this.say(line)
    return reply
  }

  write(bytes: string | Buffer) {
    this.#socket.write(bytes)
  }

  /** Sends, and waits until the other side has room for more. */
  async writeAll(bytes: Buffer) {
    if (!this.#socket.write(bytes)) await once(this.#socket, 'drain')
  }

  /** The next reply, all its lines; what there is when the connection ends before. */
  async reply(): Promise<string> {
    for (;;) {
      const whole = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3}(?: [^\r\n]*)?\r\n/.exec(this.#text)?.[0]
      if (whole !== undefined) {
        this.#text = this.#text.slice(whole.length)
        return whole.trimEnd()
      }
      if (this.end !== undefined) return this.#text
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  /** Resolves when the server has closed the connection. */
  async closed(): Promise<'closed' | 'reset'> {
    while (this.end === undefined) await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.end
  }

  /** What has been read and is no whole reply yet. */
  get rest() {
    return this.#text
  }

  async startTls(ca: string): Promise<void> {
    await this.say('STARTTLS')
    this.#socket.removeAllListeners('data')
    const socket = connectTls({ socket: this.#socket, ca, servername: 'localhost' })
    await once(socket, 'secureConnect')
    this.#socket = socket
    this.#listen(socket)
  }

  /** Goes away without a word. */
  vanish() {
    this.#socket.destroy()
  }

  async [Symbol.asyncDispose]() {
    this.#socket.destroy()
    await this.closed()
  }

  #listen(socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString()
      this.#wake()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => this.#ended(error.code === 'ECONNRESET'))
    socket.on('close', () => this.#ended(false))
  }

  #ended(reset: boolean) {
    this.end ??= reset ? 'reset' : 'closed'
    this.#wake()
  }
}
