import type { Captured } from '../mailbox/captured.ts'
import { formatAddress } from '../message/address.ts'

/** One message in a few lines, its links each on its own, as the old debugging servers printed them. */
export async function tellMessage(captured: Captured, url: string): Promise<string> {
  const { to, from, subject, links, codes, page } = await messageFacts(captured, url)
  const lines = [
    `mail for ${to.join(', ')}: ${subject === '' ? '(no subject)' : subject}`,
    `  from ${from}`,
    ...codes.slice(0, 1).map((code) => `  code ${code}`),
    ...links.map((href) => `  link ${href}`),
    ...(page === null ? [] : [`  read ${page}`]),
  ]
  return `${lines.map(printable).join('\n')}\n`
}

/** What a machine wants to know of a message. */
export async function messageFacts(captured: Captured, url: string) {
  const { id, envelope, from, subject, links, codes } = await captured.parse()
  return {
    id,
    to: envelope.to,
    from: formatAddress(from),
    subject,
    links: links.map(({ href }) => href),
    codes,
    page: url === '' ? null : `${url}/view/${id}`,
  }
}

/** Whoever sends mail must not steer the terminal. */
function printable(line: string) {
  return line.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
}
