/**
 * A lean SMTP client for measuring servers: it sends the same message over and
 * over and looks at nothing but reply codes.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

export class SmtpSender {
  #socket: Socket
  #text = ''
  #resolve: ((reply: string) => void) | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#listen()
  }

  /** Connects, greets, and takes TLS when given an authority. */
  static async open(port: number, ca?: string): Promise<SmtpSender> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const sender = new SmtpSender(socket)
    await sender.#reply()
    await sender.say('EHLO bench.example.test')
    if (ca !== undefined) await sender.#startTls(ca)
    return sender
  }

  async send(to: string, message: string): Promise<void> {
    await this.say('MAIL FROM:<bench@example.test>')
    await this.say(`RCPT TO:<${to}>`)
    await this.say('DATA')
    await this.say(`${message}\r\n.`)
  }

  async close(): Promise<void> {
    await this.say('QUIT')
    this.#socket.destroy()
  }

  async say(line: string): Promise<string> {
    const replied = this.#reply()
    this.#socket.write(`${line}\r\n`)
    const reply = await replied
    if (!/^[23]/.test(reply)) throw new Error(`Refused: ${line.slice(0, 60)}: ${reply}`)
    return reply
  }

  async #startTls(ca: string) {
    await this.say('STARTTLS')
    this.#socket.removeAllListeners('data')
    this.#socket = connectTls({ socket: this.#socket, ca, servername: 'localhost' })
    await once(this.#socket, 'secureConnect')
    this.#listen()
    await this.say('EHLO bench.example.test')
  }

  #listen() {
    this.#socket.setEncoding('latin1')
    this.#socket.on('data', (chunk) => {
      this.#text += String(chunk)
      this.#flush()
    })
  }

  #reply(): Promise<string> {
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.#flush()
    })
  }

  #flush() {
    const whole = /^(?:\d{3}-[^\n]*\n)*\d{3} [^\n]*\n/.exec(this.#text)?.[0]
    if (whole === undefined || this.#resolve === undefined) return
    const resolve = this.#resolve
    this.#text = this.#text.slice(whole.length)
    this.#resolve = undefined
    resolve(whole)
  }
}
