/**
 * Takes out of a server's words what we told it in confidence. A server may
 * quote the line it refuses, and a content filter the link it dislikes; replies
 * end in logs and on rows, where no password, link or address may stand.
 */
import { redact } from '../../redact.ts'
import type { Reply } from './reply.ts'

/** The reply, with each of the secrets and every longer quote from one of them replaced by `[redacted]`. */
export function redactReply(reply: Reply, secrets: readonly string[]): Reply {
  return {
    ...reply,
    text: redact(reply.text, secrets),
    lines: reply.lines.map((line) => redact(line, secrets)),
  }
}
