/**
 * A lean HTTP client for measuring servers: one connection that stays open, one
 * request at a time, written and read with as little work as can be, so that a slow
 * client does not make two servers look alike.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface HttpAnswer {
  status: number
  /** By lower-case name; of a repeated one the last. */
  headers: ReadonlyMap<string, string>
  /** As octets: UTF-8 read as Latin-1. */
  body: string
}

export class HttpConnection implements Disposable {
  readonly #socket: Socket
  #octets = ''
  #waiting: PromiseWithResolvers<HttpAnswer> | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      this.#octets += String(chunk)
      this.#settle()
    })
    socket.on('error', (error) => this.#waiting?.reject(error))
    socket.on('close', () => this.#waiting?.reject(new Error('The server hung up')))
  }

  static async open({ hostname, port }: URL): Promise<HttpConnection> {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    await once(socket, 'connect')
    return new HttpConnection(socket)
  }

  /** The server has ended it, as workerd does after five seconds without a request. */
  get isOver(): boolean {
    return this.#socket.destroyed
  }

  /** Sends a whole request, as `writeRequest` makes it. */
  send(request: string): Promise<HttpAnswer> {
    if (this.isOver) throw new Error('The server has hung up')
    this.#waiting = Promise.withResolvers()
    this.#socket.write(request, 'latin1')
    return this.#waiting.promise
  }

  [Symbol.dispose](): void {
    this.#waiting = undefined
    this.#socket.destroy()
  }

  #settle(): void {
    const read = readAnswer(this.#octets)
    if (read === null || this.#waiting === undefined) return
    this.#octets = this.#octets.slice(read.length)
    this.#waiting.resolve(read.answer)
  }
}

export interface RequestParts {
  method?: string
  headers?: Readonly<Record<string, string>>
  /** Sent as a form. */
  fields?: Readonly<Record<string, string>>
}

/** A request as octets. */
export function writeRequest(
  path: string,
  { fields, headers = {}, method = fields === undefined ? 'GET' : 'POST' }: RequestParts = {},
): string {
  const body = fields === undefined ? '' : new URLSearchParams(fields).toString()
  const all: Record<string, string> = {
    Host: '127.0.0.1',
    ...(fields && { ...formHeaders, 'Content-Length': String(body.length) }),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

const formHeaders = {
  'Content-Type': 'application/x-www-form-urlencoded',
  'Sec-Fetch-Site': 'same-origin',
}

interface Read {
  answer: HttpAnswer
  /** How many octets it took. */
  length: number
}

/** Null until all of it has come. */
function readAnswer(octets: string): Read | null {
  const end = octets.indexOf('\r\n\r\n')
  if (end === -1) return null
  const [first = '', ...lines] = octets.slice(0, end).split('\r\n')
  const headers = new Map(lines.map(readHeader))
  const body = headers.has('transfer-encoding')
    ? readChunks(octets, end + 4)
    : readLength(octets, end + 4, Number(headers.get('content-length') ?? 0))
  if (body === null) return null
  const status = Number(first.slice(9, 12))
  return { answer: { status, headers, body: body.text }, length: body.end }
}

function readHeader(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

interface Body {
  text: string
  /** Where it ends. */
  end: number
}

function readLength(octets: string, start: number, length: number): Body | null {
  const end = start + length
  return octets.length < end ? null : { text: octets.slice(start, end), end }
}

/** RFC 9112 §7.1; trailers are not expected. */
function readChunks(octets: string, start: number): Body | null {
  const chunks: string[] = []
  for (let at = start; ;) {
    const line = octets.indexOf('\r\n', at)
    if (line === -1) return null
    const size = Number.parseInt(octets.slice(at, line), 16)
    at = line + 2 + size + 2
    if (octets.length < at) return null
    if (size === 0) return { text: chunks.join(''), end: at }
    chunks.push(octets.slice(line + 2, at - 2))
  }
}
