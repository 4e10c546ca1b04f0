/**
 * Takes out of a server's words what we told it in confidence. A server may
 * quote the line it refuses, and a content filter the link it dislikes; replies
 * end in logs and on rows, where no password, link or address may stand.
 */
import type { Reply } from './reply.ts'

/** In characters. A shorter secret would blot out ordinary words. */
const SECRET_MIN = 4
/** In characters. A shorter quote from a message gives nothing away. */
const QUOTE_MIN = 12

const PIECE = new RegExp(
  `[\\p{L}\\p{N}][^\\s:<>"',;()[\\]]{${QUOTE_MIN - 2},}[\\p{L}\\p{N}=]`,
  'gu',
)

/** The reply, with each of the secrets and every longer quote from one of them replaced by `[redacted]`. */
export function redactReply(reply: Reply, secrets: readonly string[]): Reply {
  const redact = (text: string) => redactText(text, secrets)
  return { ...reply, text: redact(reply.text), lines: reply.lines.map(redact) }
}

function redactText(text: string, secrets: readonly string[]): string {
  const isQuote = (piece: string) => secrets.some((secret) => secret.includes(piece))
  return (
    secrets
      // A whole message is longer than any reply: quotes from it are found as pieces.
      .filter(({ length }) => length >= SECRET_MIN && length <= text.length)
      .reduce((redacted, secret) => redacted.replace(literal(secret), '[redacted]'), text)
      .replace(PIECE, (piece) => (isQuote(piece) ? '[redacted]' : piece))
  )
}

/** In any case: servers lower-case the addresses that they refuse. */
function literal(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'gi')
}
