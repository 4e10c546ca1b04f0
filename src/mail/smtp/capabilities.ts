/**
 * What a server says it can do (EHLO, RFC 5321 §4.1.1.1), and the reply that
 * worker-mailer may see instead: written anew from the few things it shall
 * use, so that neither a host name nor a line from before TLS can talk it into
 * anything.
 */
import { writeReply, type Reply } from './reply.ts'

/**
 * The mechanisms that worker-mailer speaks, in its order of preference. It has
 * CRAM-MD5 too, but 1.2.1 cannot read a challenge: its pattern has no room
 * for the line end. Over TLS, which is required, PLAIN gives away no more.
 */
export const MECHANISMS = ['PLAIN', 'LOGIN'] as const

export interface Capabilities {
  readonly starttls: boolean
  readonly dsn: boolean
  /** Commands may be sent before the one in front of them is answered (RFC 2920). */
  readonly pipelining: boolean
  readonly smtputf8: boolean
  /** Mechanisms as the server names them, upper-cased; empty without AUTH. */
  readonly auth: readonly string[]
}

export const NO_CAPABILITIES: Capabilities = {
  starttls: false,
  dsn: false,
  pipelining: false,
  smtputf8: false,
  auth: [],
}

/** Reads an EHLO reply; its first line is the server's name and no capability. */
export function parseCapabilities({ lines }: Reply): Capabilities {
  const words = lines.slice(1).map((line) => line.trim().toUpperCase().split(/[ =]+/))
  const offers = (keyword: string) => words.some(([first]) => first === keyword)
  return {
    starttls: offers('STARTTLS'),
    dsn: offers('DSN'),
    pipelining: offers('PIPELINING'),
    smtputf8: offers('SMTPUTF8'),
    auth: words.filter(([first]) => first === 'AUTH').flatMap(([, ...mechanisms]) => mechanisms),
  }
}

/** An EHLO reply that offers just these keywords. */
export function writeEhloReply(keywords: readonly string[]): string {
  return writeReply({ code: 250, lines: ['server', ...keywords] })
}
