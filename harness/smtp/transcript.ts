/**
 * What was said in one SMTP session, line by line, credentials blotted out.
 */

export interface TranscriptLine {
  /** `harness` marks what neither side said: a staged fault, a TLS upgrade, the end. */
  by: 'client' | 'server' | 'harness'
  text: string
  at: Date
}

/**
 * A session that goes on and on keeps its opening and its newest lines; a thousand sessions of
 * the longest lines stay below 250 MB.
 */
const MAX_LINES = 500
const OPENING = 30
const CUT = 100
const MAX_LINE_LENGTH = 500

export class Transcript {
  readonly id: string
  /** Address and port of the client. */
  readonly client: string
  readonly startedAt = new Date()
  readonly lines: TranscriptLine[] = []
  endedAt: Date | undefined

  constructor(id: string, client: string) {
    this.id = id
    this.client = client
  }

  add(by: TranscriptLine['by'], text: string) {
    if (this.lines.length >= MAX_LINES) this.lines.splice(OPENING, CUT)
    const at = new Date()
    for (const line of text.includes('\n') ? text.split(/\r?\n/) : [text]) {
      this.lines.push({ by, text: line.slice(0, MAX_LINE_LENGTH), at })
    }
  }

  /** Replies of 400 and more, each with the command it answered. */
  get refusals(): string[] {
    return this.lines.flatMap((line, index) =>
      line.by === 'server' && /^[45]\d\d/.test(line.text)
        ? [`${this.lines.slice(0, index).findLast(isCommand)?.text ?? 'connect'} → ${line.text}`]
        : [],
    )
  }

  /** The session as one would read it on the wire: `C:` the client, `S:` the server, `--` the harness. */
  toString() {
    return this.lines.map(({ by, text }) => `${prefix[by]} ${text}`).join('\n')
  }
}

const prefix = { client: 'C:', server: 'S:', harness: '--' } as const

function isCommand(line: TranscriptLine) {
  return line.by === 'client'
}
