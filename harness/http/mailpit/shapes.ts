/**
 * Messages in the JSON shapes of Mailpit's API v1.
 */
import { createHash } from 'node:crypto'
import type { Captured } from '../../mailbox/captured.ts'
import type { Address } from '../../message/address.ts'
import type { Attachment } from '../../message/attachment.ts'
import type { Message } from '../../message/message.ts'
import { unsubscribeErrors, unsubscribeLinks } from '../../lint/headers.ts'
import { visibleText } from '../../message/visible-text.ts'
import { tagsOf } from './tags.ts'

/** As many characters of the body as a list shows. */
const SNIPPET_LENGTH = 250

/** One entry of a list, and of an event. */
export async function listedMessage(captured: Captured) {
  const message = await captured.parse()
  return {
    ...common(captured, message),
    Read: captured.read,
    Created: captured.receivedAt.toISOString(),
    Attachments: message.attachments.filter(({ inline }) => !inline).length,
    Snippet: snippet(message),
  }
}

/** One message in full. */
export async function fullMessage(captured: Captured) {
  const message = await captured.parse()
  const parts = message.attachments.map((part, index) => ({ part, shape: attachment(part, index) }))
  return {
    ...common(captured, message),
    ReturnPath: message.envelope.from,
    Date: (message.date ?? message.receivedAt).toISOString(),
    Text: message.text,
    HTML: message.html,
    Inline: parts.filter(({ part }) => part.inline).map(({ shape }) => shape),
    Attachments: parts.filter(({ part }) => !part.inline).map(({ shape }) => shape),
    ListUnsubscribe: unsubscribe(message),
  }
}

/** Number of the part, as `PartID` has it: attachments in order, from 1. */
export function partOf(message: Message, id: string): Attachment | undefined {
  return message.attachments[Number(id) - 1]
}

/** Recipients of the envelope that no field names, as Mailpit shows them. */
export function blindCopies({ bcc, to, cc, envelope }: Message): Address[] {
  const named = new Set([...to, ...cc, ...bcc].map(({ address }) => address.toLowerCase()))
  const hidden = envelope.to.filter((address) => !named.has(address.toLowerCase()))
  return [...bcc, ...hidden.map((address) => ({ name: '', address }))]
}

/** The first words of the body, in one line. */
export function snippet({ text, html }: Pick<Message, 'text' | 'html'>) {
  const words = (text.trim() === '' ? visibleText(html) : text).replace(/\s+/g, ' ').trim()
  return words.length > SNIPPET_LENGTH ? `${words.slice(0, SNIPPET_LENGTH)}...` : words
}

function common(captured: Captured, message: Message) {
  return {
    ID: captured.id,
    MessageID: message.messageId.replace(/^<|>$/g, ''),
    From: mailbox(message.from),
    To: message.to.map(mailbox),
    Cc: message.cc.map(mailbox),
    Bcc: blindCopies(message).map(mailbox),
    ReplyTo: message.replyTo.map(mailbox),
    Subject: message.subject,
    Tags: tagsOf(captured, message),
    Size: captured.raw.length,
    Username: message.auth === false ? '' : message.auth.user,
  }
}

function mailbox({ name, address }: Address) {
  return { Name: name, Address: address }
}

function attachment(part: Attachment, index: number) {
  return {
    PartID: String(index + 1),
    FileName: part.filename === '' ? part.contentId : part.filename,
    ContentType: part.contentType,
    ContentID: part.contentId,
    Size: part.content.length,
    Checksums: {
      MD5: digest('md5', part.content),
      SHA1: digest('sha1', part.content),
      SHA256: digest('sha256', part.content),
    },
  }
}

function digest(algorithm: string, content: Buffer) {
  return createHash(algorithm).update(content).digest('hex')
}

function unsubscribe(message: Message) {
  const value = message.header('List-Unsubscribe') ?? ''
  return {
    Header: value,
    HeaderPost: message.header('List-Unsubscribe-Post') ?? '',
    Links: unsubscribeLinks(value),
    Errors: unsubscribeErrors(message).join(', '),
  }
}
