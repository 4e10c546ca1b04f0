/** What is wrong with the bytes and the connection they came by. */
import type { Message } from '../message/message.ts'
import type { Finding } from './finding.ts'

/** Octets of a line without its CRLF (RFC 5322 §2.1.1). */
const MAX_LINE = 998

export function lintWire(message: Message): Finding[] {
  const raw = message.raw.toString('latin1')
  const findings = [
    longLine(raw),
    bareLineEnding(raw),
    raw.includes('\0') && finding('nul-byte', 'a NUL byte (RFC 5322 §3.5)'),
    inClear(message),
    bareAddress(message.hello),
  ]
  return findings.filter((found) => found !== false)
}

/**
 * Bare CR and bare LF in a message, kept as they came: mail servers rewrite them, refuse
 * them, or are fooled by them (RFC 5321 §2.3.8).
 */
export function bareLineEndings(raw: Buffer): { cr: number; lf: number } {
  const text = raw.toString('latin1')
  return {
    cr: [...text.matchAll(/\r(?!\n)/g)].length,
    lf: [...text.matchAll(/(?<!\r)\n/g)].length,
  }
}

function longLine(raw: string) {
  const longest = Math.max(...raw.split('\r\n').map(({ length }) => length))
  return (
    longest > MAX_LINE &&
    finding('line-too-long', `a line of ${longest} octets, ${MAX_LINE} at most (RFC 5322 §2.1.1)`)
  )
}

function bareLineEnding(raw: string) {
  const { cr, lf } = bareLineEndings(Buffer.from(raw, 'latin1'))
  return (
    cr + lf > 0 && finding('bare-line-ending', `${cr} bare CR and ${lf} bare LF (RFC 5321 §2.3.8)`)
  )
}

function inClear({ auth, tls }: Message) {
  return (
    auth !== false &&
    tls === false &&
    finding('auth-in-clear', `${auth.user} logged in without TLS (RFC 8314 §3.1)`)
  )
}

function bareAddress(hello: string) {
  return (
    /^[\d.]+$|^[0-9a-f]*:[0-9a-f:]*$/i.test(hello) &&
    finding(
      'helo-literal',
      `EHLO ${hello} is no name; an address stands in brackets (RFC 5321 §4.1.3)`,
    )
  )
}

function finding(rule: Finding['rule'], detail: string): Finding {
  return { rule, detail }
}
