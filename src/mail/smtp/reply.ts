/**
 * Replies of an SMTP server, framed and parsed (RFC 5321 §4.2). Bytes go in as
 * they arrive, whole replies come out, however the network split or glued
 * them. What a reply means for the dialogue is not decided here.
 */

/** One whole reply of a server. */
export interface Reply {
  /** Three digits, 200 to 559 (RFC 5321 §4.2.1). */
  readonly code: number
  /** Enhanced status code, such as `5.1.1`, when the server gave one (RFC 3463 §2). */
  readonly enhanced?: string
  /** What stands behind code and enhanced code; lines are joined by a space, control characters are gone. */
  readonly text: string
  /** The text of each line as it came, without code. An EHLO reply lists its capabilities here. */
  readonly lines: readonly string[]
}

/** What arrived is no SMTP reply, or is longer than any reply has reason to be. */
export class MalformedReply extends Error {
  override readonly name = 'MalformedReply'
}

/** In octets: RFC 5321 §4.5.3.1.5 allows a line 512; the longest EHLO replies seen take about 1,000. */
const REPLY_MAX = 16 * 1024

/** RFC 5321 §4.2: `Reply-code = %x32-35 %x30-35 %x30-39`, then a hyphen when more lines follow. */
const REPLY_LINE = /^([2-5][0-5][0-9])(?:([ -])(.*))?$/s
/** RFC 3463 §2: class, subject and detail. */
const ENHANCED_CODE = /^([245]\.[0-9]{1,3}\.[0-9]{1,3})(?: +|$)/

const LF = 0x0a

/**
 * Collects bytes and gives out one whole reply at a time.
 *
 * @example
 * const replies = new ReplyBuffer()
 * replies.push(new TextEncoder().encode('250 2.1.0 Ok\r\n'))
 * replies.take() // { code: 250, enhanced: '2.1.0', text: 'Ok', lines: ['2.1.0 Ok'] }
 */
export class ReplyBuffer {
  #bytes = new Uint8Array(0)
  #lines: string[] = []
  #octets = 0

  /** Whether bytes are here that no reply has used up yet. */
  get isEmpty(): boolean {
    return this.#bytes.length === 0 && this.#lines.length === 0
  }

  push(chunk: Uint8Array): void {
    const joined = new Uint8Array(this.#bytes.length + chunk.length)
    joined.set(this.#bytes)
    joined.set(chunk, this.#bytes.length)
    this.#bytes = joined
  }

  /** The next whole reply, or null until more bytes come. Throws `MalformedReply`. */
  take(): Reply | null {
    for (let line = this.#takeLine(); line !== null; line = this.#takeLine()) {
      this.#lines.push(line)
      if (!isContinued(line)) return this.#finish()
    }
    if (this.#octets + this.#bytes.length > REPLY_MAX) throw tooLong()
    return null
  }

  #takeLine(): string | null {
    const end = this.#bytes.indexOf(LF)
    if (end < 0) return null
    this.#octets += end + 1
    if (this.#octets > REPLY_MAX) throw tooLong()
    const line = new TextDecoder().decode(this.#bytes.subarray(0, end)).replace(/\r$/, '')
    this.#bytes = this.#bytes.subarray(end + 1)
    return line
  }

  #finish(): Reply {
    const lines = this.#lines
    this.#lines = []
    this.#octets = 0
    return parseReply(lines)
  }
}

/**
 * Parses the lines of one reply, without their line ends. Throws
 * `MalformedReply` when they are none, or do not all carry one code
 * (RFC 5321 §4.2.1).
 */
export function parseReply(lines: readonly string[]): Reply {
  const parts = lines.map(parseLine)
  const [first] = parts
  if (first === undefined || parts.some(({ code }) => code !== first.code)) {
    throw new MalformedReply('the lines of one reply carry different codes')
  }
  const texts = parts.map(({ text }) => text)
  const [, enhanced] = ENHANCED_CODE.exec(first.text) ?? []
  const text = printable(texts.map((line) => line.replace(ENHANCED_CODE, '')).join(' '))
  return { code: first.code, ...(enhanced !== undefined && { enhanced }), text, lines: texts }
}

/** Code, enhanced code and text as one line for people, at most 300 characters. */
export function formatReply({ code, enhanced, text }: Reply): string {
  return [code, enhanced, text].filter(Boolean).join(' ').slice(0, 300)
}

/** The reply as a server writes it (RFC 5321 §4.2.1). */
export function writeReply({ code, lines }: Pick<Reply, 'code' | 'lines'>): string {
  const last = lines.length - 1
  return lines.map((line, at) => `${code}${at === last ? ' ' : '-'}${line}\r\n`).join('')
}

function isContinued(line: string): boolean {
  return parseLine(line).separator === '-'
}

function parseLine(line: string): { code: number; separator: string; text: string } {
  const [, code, separator = ' ', text = ''] = REPLY_LINE.exec(line) ?? []
  if (code === undefined) throw new MalformedReply('not an SMTP reply')
  return { code: Number(code), separator, text }
}

/** Terminals and logs obey control characters; a server must not be able to write them there. */
function printable(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim()
}

function tooLong(): MalformedReply {
  return new MalformedReply(`longer than ${REPLY_MAX} octets`)
}
