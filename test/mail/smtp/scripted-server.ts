/**
 * A raw TCP server that speaks just enough SMTP to misbehave on purpose: every
 * stage answers as a good server would, unless the script says otherwise. It keeps
 * every byte that it received, before TLS and after, so that a test can
 * prove what crossed the wire.
 */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'
import { createSecureContext, TLSSocket } from 'node:tls'

/** Where a script can step in; `secure EHLO` is the one after STARTTLS, `AUTH line` what follows a challenge. */
export type ScriptStage =
  | 'greeting'
  | 'EHLO'
  | 'HELO'
  | 'STARTTLS'
  | 'secure EHLO'
  | 'AUTH'
  | 'AUTH line'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | 'message'
  | 'RSET'
  | 'QUIT'

export interface Turn {
  socket: Socket
  /** What TLS runs over, once it does. */
  tcp: Socket
  /** Says what is about to be written: after 334 and 354 no command follows. */
  announce: (text: string) => void
}

export type Action = (turn: Turn) => void | Promise<void>

export interface Script {
  /** The nth visit to a stage takes the nth action, the last one again and again; null is good behaviour. */
  stages?: Partial<Record<ScriptStage, readonly (Action | null)[]>>
  /** What EHLO offers, before TLS and after. */
  offers?: { plain?: readonly string[]; secure?: readonly string[] }
  tls?: { cert: string; key: string; implicit?: boolean }
}

/** Writes lines, each ended by CR LF, in one piece. */
export function reply(...lines: string[]): Action {
  return raw(lines.map((line) => `${line}\r\n`).join(''))
}

/** Writes these bytes and nothing else. */
export function raw(text: string): Action {
  return ({ socket, announce }) => {
    announce(text)
    socket.write(text)
  }
}

/** Writes one byte per turn of the event loop, so that a reply arrives in as many pieces as it can. */
export function bytewise(...lines: string[]): Action {
  const text = lines.map((line) => `${line}\r\n`).join('')
  return async ({ socket, announce }) => {
    announce(text)
    for (const byte of Buffer.from(text)) {
      socket.write(Uint8Array.of(byte))
      await nextTurn()
    }
  }
}

/** Writes lines, so many milliseconds late. */
export function slowly(milliseconds: number, ...lines: string[]): Action {
  return async (turn) => {
    await delay(milliseconds)
    await reply(...lines)(turn)
  }
}

/** Closes the connection, after these bytes if any. */
export function hangUp(text = ''): Action {
  return ({ socket }) => void socket.end(text)
}

/** Breaks the connection off, without a word (RFC 9293 §3.5.2). */
export const reset: Action = ({ tcp }) => void tcp.resetAndDestroy()

/** Says nothing, and keeps the connection. */
export const silence: Action = () => {}

/** Writes this again and again, for as long as somebody reads. */
export function endless(text: string): Action {
  return ({ socket }) => void pipeline(Readable.from(repeat(text)), socket).catch(() => {})
}

function* repeat(text: string): Generator<string> {
  for (;;) yield text
}

/** Starts the server on a free port of loopback. */
export async function startScriptedServer(script: Script = {}, address = '127.0.0.1') {
  const seen: Seen = { plain: '', secure: '', commands: [], connections: 0 }
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    seen.connections += 1
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => {}) // A client that gives up resets the connection.
    const session = new Session(script, seen, socket)
    if (script.tls?.implicit === true) session.startTls(socket, script.tls)
    else session.serve(socket)
    void session.act('greeting')
  })
  server.listen(0, address)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    /** Until every connection that there was is gone, however it ended. */
    async deserted() {
      const open = [...sockets].filter((socket) => !socket.destroyed)
      await Promise.all(open.map((socket) => once(socket, 'close')))
    },
    stop: async () => {
      sockets.forEach((socket) => socket.destroy())
      server.close()
      await once(server, 'close')
    },
  }
}

interface Seen {
  /** Every byte that came before TLS. */
  plain: string
  /** Every byte that came within TLS. */
  secure: string
  commands: string[]
  connections: number
}

const GOOD_REPLIES: Partial<Record<ScriptStage, string>> = {
  greeting: '220 mail.example.test ESMTP',
  AUTH: '235 2.7.0 Authentication successful',
  'AUTH line': '235 2.7.0 Authentication successful',
  DATA: '354 End data with <CR><LF>.<CR><LF>',
  message: '250 2.0.0 Ok: queued as 4bXy1z',
}

class Session {
  #script: Script
  #seen: Seen
  #tcp: Socket
  #socket: Socket | undefined
  #buffer = ''
  #expects: 'command' | 'AUTH line' | 'message' = 'command'
  #isSecure = false
  #visits = new Map<ScriptStage, number>()

  constructor(script: Script, seen: Seen, tcp: Socket) {
    this.#script = script
    this.#seen = seen
    this.#tcp = tcp
  }

  serve(socket: Socket): void {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#receive(chunk.toString('latin1')))
  }

  startTls(socket: Socket, { cert, key }: { cert: string; key: string }): void {
    this.#isSecure = true
    socket.removeAllListeners('data')
    const secureContext = createSecureContext({ cert, key })
    const secure = new TLSSocket(socket, { isServer: true, secureContext })
    secure.on('error', () => {}) // A client that refuses the certificate says so by an alert.
    this.serve(secure)
  }

  async act(stage: ScriptStage): Promise<void> {
    const visit = this.#visits.get(stage) ?? 0
    this.#visits.set(stage, visit + 1)
    const actions = this.#script.stages?.[stage] ?? []
    const action = actions[Math.min(visit, actions.length - 1)] ?? this.#wellBehaved(stage)
    const socket = this.#socket
    const announce = (text: string) => this.#announce(text)
    if (socket !== undefined) await action({ socket, tcp: this.#tcp, announce })
  }

  #receive(text: string): void {
    this.#seen[this.#isSecure ? 'secure' : 'plain'] += text
    this.#buffer += text
    for (let end = this.#endOfUnit(); end > 0; end = this.#endOfUnit()) {
      const unit = this.#buffer.slice(0, end)
      this.#buffer = this.#buffer.slice(end)
      this.#handle(unit)
    }
  }

  #endOfUnit(): number {
    const mark = this.#expects === 'message' ? '\r\n.\r\n' : '\r\n'
    const at = this.#buffer.indexOf(mark)
    return at < 0 ? 0 : at + mark.length
  }

  #handle(unit: string): void {
    const expected = this.#expects
    this.#expects = 'command'
    if (expected !== 'command') return void this.act(expected)
    const line = unit.trimEnd()
    this.#seen.commands.push(line)
    void this.act(this.#stageOf(line))
  }

  #stageOf(line: string): ScriptStage {
    const verb = /^[A-Z]+/i.exec(line)?.[0].toUpperCase()
    if (verb === 'EHLO') return this.#isSecure ? 'secure EHLO' : 'EHLO'
    return isStage(verb) ? verb : 'QUIT'
  }

  #wellBehaved(stage: ScriptStage): Action {
    if (stage === 'STARTTLS') return ({ socket }) => this.#acceptTls(socket)
    if (stage === 'QUIT') return hangUp('221 2.0.0 Bye\r\n')
    if (stage.endsWith('EHLO')) return reply(...this.#ehloLines())
    return reply(GOOD_REPLIES[stage] ?? '250 2.1.0 Ok')
  }

  #ehloLines(): string[] {
    const { plain = ['STARTTLS'], secure = ['AUTH PLAIN LOGIN'] } = this.#script.offers ?? {}
    const lines = ['mail.example.test', ...(this.#isSecure ? secure : plain)]
    return lines.map((line, at) => `250${at === lines.length - 1 ? ' ' : '-'}${line}`)
  }

  #acceptTls(socket: Socket): void {
    if (this.#script.tls === undefined) return void socket.write('454 4.7.0 TLS not available\r\n')
    socket.write('220 2.0.0 Ready to start TLS\r\n')
    this.startTls(socket, this.#script.tls)
  }

  #announce(text: string): void {
    if (text.startsWith('334')) this.#expects = 'AUTH line'
    if (/^354/m.test(text)) this.#expects = 'message'
  }
}

function isStage(verb: string | undefined): verb is ScriptStage {
  const verbs = ['HELO', 'STARTTLS', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'RSET', 'QUIT']
  return verb !== undefined && verbs.includes(verb)
}
