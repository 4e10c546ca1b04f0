/**
 * Mailpit's search language: words that must all be found, quoted phrases,
 * `field:value`, and `-` or `!` in front of what must not be.
 */
import type { Captured } from '../../mailbox/captured.ts'
import type { Mailbox } from '../../mailbox/mailbox.ts'
import { formatAddress, type Address } from '../../message/address.ts'
import type { Message } from '../../message/message.ts'
import { visibleText } from '../../message/visible-text.ts'
import { momentOf } from './moment.ts'
import { blindCopies } from './shapes.ts'
import { tagsOf } from './tags.ts'

/** Messages that fit, newest first. `zone` is for `before:` and `after:` alone. */
export async function found(mailbox: Mailbox, query: string, zone?: string): Promise<Captured[]> {
  const terms = parseQuery(query)
  const matches: Captured[] = []
  for (const captured of mailbox.all.reverse()) {
    const message = await captured.parse()
    if (terms.every((term) => holds(term, captured, message, zone))) matches.push(captured)
  }
  return matches
}

interface Term {
  field: string
  value: string
  excluded: boolean
}

/** Words and phrases; a term without any letter or digit is ignored, as Mailpit does. */
export function parseQuery(query: string): Term[] {
  const words = query.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []
  return words
    .map((word) => word.replaceAll('"', ''))
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .map(parseTerm)
}

function parseTerm(word: string): Term {
  const excluded = /^[-!]./.test(word)
  const bare = excluded ? word.slice(1) : word
  const [, field, value] = /^([a-z-]+):(.+)$/is.exec(bare) ?? []
  const name = field?.toLowerCase() ?? ''
  return name in fields
    ? { field: name, value: (value ?? '').trim().toLowerCase(), excluded }
    : { field: 'text', value: bare.toLowerCase(), excluded }
}

type Check = (
  value: string,
  captured: Captured,
  message: Message,
  zone?: string,
) => boolean | undefined

function holds(
  { field, value, excluded }: Term,
  captured: Captured,
  message: Message,
  zone?: string,
) {
  const outcome = fields[field]?.(value, captured, message, zone)
  return outcome === undefined || outcome !== excluded
}

/** Each answers undefined for a value that it does not understand, which then does not count. */
const fields: Record<string, Check> = {
  to: (value, _captured, { to }) => isIn(value, to),
  from: (value, _captured, { from }) => isIn(value, [from]),
  cc: (value, _captured, { cc }) => isIn(value, cc),
  bcc: (value, _captured, message) => isIn(value, blindCopies(message)),
  'reply-to': (value, _captured, { replyTo }) => isIn(value, replyTo),
  addressed: (value, _captured, message) => isIn(value, everybody(message)),
  subject: (value, _captured, { subject }) => subject.toLowerCase().includes(value),
  'message-id': (value, _captured, { messageId }) => messageId.toLowerCase().includes(value),
  tag: (value, captured, message) =>
    tagsOf(captured, message).some((tag) => tag.toLowerCase() === value),
  is: (value, captured, message) => states[value]?.(captured, message),
  has: (value, _captured, message) => contents[value]?.(message),
  before: (value, { receivedAt }, _message, zone) => compare(receivedAt, value, zone, -1),
  after: (value, { receivedAt }, _message, zone) => compare(receivedAt, value, zone, 1),
  larger: (value, { raw }) => ifSize(value, (size) => raw.length > size),
  smaller: (value, { raw }) => ifSize(value, (size) => raw.length < size),
  text: (value, _captured, message) => words(message).includes(value),
}

const states: Record<string, (captured: Captured, message: Message) => boolean> = {
  read: ({ read }) => read,
  unread: ({ read }) => !read,
  tagged: (captured, message) => tagsOf(captured, message).length > 0,
}

const contents: Record<string, (message: Message) => boolean> = {
  attachment: ({ attachments }) => attachments.some(({ inline }) => !inline),
  attachments: ({ attachments }) => attachments.some(({ inline }) => !inline),
  inline: ({ attachments }) => attachments.some(({ inline }) => inline),
  inlines: ({ attachments }) => attachments.some(({ inline }) => inline),
}

function isIn(value: string, addresses: Address[]) {
  return addresses.some((address) => formatAddress(address).toLowerCase().includes(value))
}

function everybody(message: Message) {
  return [message.from, ...message.to, ...message.cc, ...blindCopies(message), ...message.replyTo]
}

function words(message: Message) {
  const names = message.attachments.map(({ filename }) => filename)
  const people = everybody(message).map(formatAddress)
  const body = message.text === '' ? visibleText(message.html) : message.text
  return [message.subject, ...people, body, ...names].join(' ').toLowerCase().replace(/\s+/g, ' ')
}

function compare(received: Date, value: string, zone: string | undefined, direction: 1 | -1) {
  const moment = momentOf(value, zone)
  return moment === undefined ? undefined : (received.getTime() - moment) * direction >= 0
}

/** `2kb`, `1.5m`, `300`: in 1024s. */
function ifSize(value: string, judge: (size: number) => boolean) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s?(k|kb|m|mb)?$/.exec(value) ?? []
  if (number === undefined) return undefined
  const factor = unit === undefined ? 1 : unit.startsWith('k') ? 1024 : 1024 * 1024
  return judge(Number(number) * factor)
}
