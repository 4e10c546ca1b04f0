/**
 * Messages in snapshots, without what differs in every run:
 * `expect.addSnapshotSerializer(mailSerializer)`.
 */
import { formatAddress } from '../message/address.ts'
import { Message } from '../message/message.ts'

export const mailSerializer = {
  test: (value: unknown): boolean => value instanceof Message,
  serialize: (value: unknown): string => (value instanceof Message ? stableMail(value) : ''),
}

/** Fields that differ in every run, or that the parts below say already. */
const volatile = new Set(
  'date message-id from to cc bcc subject received return-path content-type content-transfer-encoding mime-version dkim-signature'.split(
    ' ',
  ),
)

/** A message as text that stays the same as long as its words do. */
export function stableMail(message: Message): string {
  const header = message.headers
    .filter(({ name }) => !volatile.has(name.toLowerCase()))
    .map(({ name, value }) => `${name}: ${value}`)
  const all = [
    `From: ${formatAddress(message.from)}`,
    `To: ${message.to.map(formatAddress).join(', ')}`,
    ...(message.cc.length === 0 ? [] : [`Cc: ${message.cc.map(formatAddress).join(', ')}`]),
    `Subject: ${message.subject}`,
    ...header.sort(),
    ...part('text', message.text),
    ...part('html', message.html),
    ...message.attachments.map(
      ({ filename, contentType, content }) =>
        `--- attachment ${filename} (${contentType}, ${content.length} bytes)`,
    ),
  ]
  return stabilize(all.join('\n'), message.envelope.to)
}

function part(name: string, content: string) {
  return content === '' ? [] : [`--- ${name}`, content.replaceAll('\r\n', '\n').trim()]
}

/** Recipients, ports of loopback, tokens, codes and identifiers become words. */
function stabilize(text: string, recipients: string[]): string {
  return recipients
    .reduce((stable, recipient) => stable.replaceAll(recipient, '<recipient>'), text)
    .replace(/\b(localhost|127\.0\.0\.1|\[::1\]):\d+/g, '$1:<port>')
    .replace(/\beyJ[\w-]*\.[\w-]+\.[\w-]+/g, '<token>')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '<uuid>')
    .replace(/(?<=[/=])(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{20,}/gi, '<token>')
    .replace(/\b\d{6}\b/g, '<code>')
}
