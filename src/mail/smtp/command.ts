/**
 * The command lines that worker-mailer writes, mended where they are not what
 * RFC 5321 asks for (`EHLO 127.0.0.1`, `MAIL FROM: <a> `), and checked to be
 * one line each.
 */
import type { Stage } from './smtp-error.ts'

export interface Mending {
  /** A domain or an address literal for EHLO and HELO (RFC 5321 §4.1.1.1). */
  readonly helo: string
  /** Whether this message's envelope or header needs RFC 6531. */
  readonly smtputf8: boolean
}

/** The command's verb, upper-cased. */
export function verbOf(line: string): string {
  return (/^[A-Za-z]+/.exec(line)?.[0] ?? '').toUpperCase()
}

const STAGES: Partial<Record<string, Stage>> = {
  EHLO: 'EHLO',
  HELO: 'EHLO',
  STARTTLS: 'STARTTLS',
  AUTH: 'AUTH',
  MAIL: 'MAIL',
  RCPT: 'RCPT',
  DATA: 'DATA',
  RSET: 'RSET',
  QUIT: 'QUIT',
}

/** The stage that a verb leads to, when it leads to one. */
export function stageOf(verb: string): Stage | undefined {
  return STAGES[verb]
}

/** What may be said before TLS where TLS is required: nothing about us, nobody's address. */
export function isSaidInClear(verb: string): boolean {
  return ['EHLO', 'HELO', 'STARTTLS', 'QUIT'].includes(verb)
}

/** Whether these bytes, as text, are one command: CR LF at the end, and nowhere else (RFC 5321 §2.3.8). */
export function isOneLine(line: string): boolean {
  return /^[^\r\n\0]*\r\n$/.test(line)
}

/**
 * Writes a command the way RFC 5321 has it.
 *
 * @example
 * mendCommand('MAIL FROM: <a@example.com> \r\n', { helo: 'example.com', smtputf8: true })
 * // 'MAIL FROM:<a@example.com> SMTPUTF8\r\n'
 */
export function mendCommand(line: string, { helo, smtputf8 }: Mending): string {
  const mended = line
    .trimEnd()
    .replace(/^(EHLO|HELO) .*$/i, (_, verb: string) => `${verb} ${helo}`)
    .replace(/^(MAIL FROM|RCPT TO): </i, '$1:<')
  const asksForUtf8 = smtputf8 && verbOf(line) === 'MAIL'
  return `${mended}${asksForUtf8 ? ' SMTPUTF8' : ''}\r\n`
}
