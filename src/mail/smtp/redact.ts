/**
 * Takes out of a server's words what we told it in confidence. A server may
 * quote the line it refuses, and a content filter the link it dislikes; replies
 * end in logs and on rows, where no password, link or address may stand.
 */
import type { Reply } from './reply.ts'

/** The reply, as `redact` (redact.ts of the service) leaves it. */
export function redactReply(reply: Reply, redact: (text: string) => string): Reply {
  return { ...reply, text: redact(reply.text), lines: reply.lines.map(redact) }
}
