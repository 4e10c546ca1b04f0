import type { Captured } from '../mailbox/captured.ts'
import { formatAddress } from '../message/address.ts'

/** Prints one message to standard error, with its links, as the old debugging servers did. */
export async function tellMessage(captured: Captured, url: string) {
  const message = await captured.parse()
  const lines = [
    `to ${message.envelope.to.join(', ')}: ${message.subject}`,
    `  from ${formatAddress(message.from)}`,
    ...message.links.map(({ href }) => `  link ${href}`),
    ...message.codes.slice(0, 1).map((code) => `  code ${code}`),
    `  read ${url}/view/${message.id}`,
  ]
  process.stderr.write(`${lines.join('\n')}\n`)
}
