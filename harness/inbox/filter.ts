/**
 * What a test waits for, and why a message is not it.
 */
import type { Message } from '../message/message.ts'
import { formatAddress } from '../message/address.ts'

/** Text fits when it is contained, whatever its case; a pattern when it matches. */
export type TextFilter = string | RegExp

export interface FilterFields {
  subject?: TextFilter
  /** The `From:` field, name and address. */
  from?: TextFilter
  /** An address of the envelope or of the `To:` and `Cc:` fields. */
  to?: TextFilter
  /** The text part or the HTML part. */
  body?: TextFilter
  /** A header field, by its name. */
  header?: Record<string, TextFilter>
  /** Only messages that came after this moment, this message, or this cursor (a sequence number). */
  since?: Date | Message | number
  where?: (message: Message) => boolean
}

/** Fields that must all fit; text or a pattern alone is for the subject. */
export type Filter = TextFilter | FilterFields

/** The first field that does not fit, in words; undefined when the message is the one. */
export function mismatch(message: Message, filter: Filter): string | undefined {
  const fields = isText(filter) ? { subject: filter } : filter
  return checks(message, fields).find((found) => found !== undefined)
}

/** The filter as one would write it. */
export function describeFilter(filter: Filter): string {
  const fields = isText(filter) ? { subject: filter } : filter
  const words = Object.entries(fields).map(([name, value]) => `${name}: ${show(value)}`)
  return words.length === 0 ? 'any message' : `a message with { ${words.join(', ')} }`
}

function checks(message: Message, fields: FilterFields) {
  const { subject, from, to, body, header = {}, since, where } = fields
  const recipients = [...message.envelope.to, ...[...message.to, ...message.cc].map(formatAddress)]
  return [
    check('subject', subject, [message.subject]),
    check('from', from, [formatAddress(message.from)]),
    check('to', to, recipients),
    check('body', body, [message.text, message.html]),
    ...Object.entries(header).map(([name, wanted]) => check(name, wanted, values(message, name))),
    isAfter(message, since) ? undefined : 'it came before `since`',
    where === undefined || where(message) ? undefined : '`where` said no',
  ]
}

function check(name: string, wanted: TextFilter | undefined, found: string[]) {
  if (wanted === undefined || found.some((text) => fits(wanted, text))) return undefined
  const shown = found.map((text) => JSON.stringify(shorten(text))).join(' or ')
  return `${name} ${shown === '' ? 'is missing' : `is ${shown}`}`
}

function fits(wanted: TextFilter, text: string) {
  if (typeof wanted === 'string') return text.toLowerCase().includes(wanted.toLowerCase())
  return text.search(wanted) >= 0
}

function values(message: Message, name: string) {
  return message.headers
    .filter((header) => header.name.toLowerCase() === name.toLowerCase())
    .map(({ value }) => value)
}

function isAfter(message: Message, since: FilterFields['since']) {
  if (since === undefined) return true
  if (typeof since === 'number') return message.sequence > since
  return since instanceof Date ? message.receivedAt > since : message.sequence > since.sequence
}

function isText(filter: Filter): filter is TextFilter {
  return typeof filter === 'string' || filter instanceof RegExp
}

function shorten(text: string) {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}

function show(value: unknown): string {
  if (value instanceof RegExp) return String(value)
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'function' ? '…' : (JSON.stringify(value) ?? String(value))
}
