/** What is wrong with the header fields. */
import type { Message } from '../message/message.ts'
import type { Finding, Rule } from './finding.ts'

export function lintHeaders(message: Message): Finding[] {
  return [
    ...missing(message),
    ...duplicates(message),
    ...encodedWords(message),
    ...eightBit(message),
    ...leaks(message),
    ...unsubscribe(message),
  ]
}

/** RFC 5322 §3.6: From and Date must be there, Message-ID should; a subject is only polite. */
const needed: [string, Rule][] = [
  ['From', 'missing-from'],
  ['Date', 'missing-date'],
  ['Message-ID', 'missing-message-id'],
  ['Subject', 'missing-subject'],
]

function missing(message: Message): Finding[] {
  return needed
    .filter(([name]) => (message.header(name) ?? '').trim() === '')
    .map(([name, rule]) => ({ rule, detail: `no ${name} (RFC 5322 §3.6)` }))
}

/** Fields that a message has once at most (RFC 5322 §3.6). */
const single = new Set(
  'date from sender reply-to to cc bcc message-id in-reply-to references subject mime-version content-type'.split(
    ' ',
  ),
)

function duplicates({ headers }: Message): Finding[] {
  const names = headers.map(({ name }) => name.toLowerCase()).filter((name) => single.has(name))
  const twice = names.filter((name, index) => names.indexOf(name) !== index)
  return [...new Set(twice)].map((name) => ({
    rule: 'duplicate-header',
    detail: `${name} more than once (RFC 5322 §3.6)`,
  }))
}

/** Characters of one encoded word (RFC 2047 §2). */
const MAX_ENCODED_WORD = 75

function encodedWords({ headers }: Message): Finding[] {
  return headers.flatMap(({ name, value }) => {
    const words = value.match(/=\?[^?\s]+\?[bq]\?[^?\s]*\?=/gi) ?? []
    const long = words.find(({ length }) => length > MAX_ENCODED_WORD)
    const quoted = /"[^"]*=\?[^?\s]+\?[bq]\?[^"]*"/i.test(value)
    return [
      ...(long === undefined ? [] : [tooLong(name, long)]),
      ...(quoted ? [inQuotes(name)] : []),
    ]
  })
}

function tooLong(name: string, word: string): Finding {
  const detail = `${name}: an encoded word of ${word.length} characters, ${MAX_ENCODED_WORD} at most (RFC 2047 §2)`
  return { rule: 'encoded-word', detail }
}

function inQuotes(name: string): Finding {
  return { rule: 'encoded-word', detail: `${name}: an encoded word within quotes (RFC 2047 §5)` }
}

function eightBit({ raw, envelope }: Message): Finding[] {
  const head = raw.toString('latin1').split('\r\n\r\n', 1)[0] ?? ''
  if ('SMTPUTF8' in envelope.parameters || !/[\x80-\xff]/.test(head)) return []
  return [
    { rule: 'eight-bit-header', detail: 'header bytes above 127 without SMTPUTF8 (RFC 6531 §3.6)' },
  ]
}

function leaks({ bcc }: Message): Finding[] {
  if (bcc.length === 0) return []
  const shown = bcc.map(({ address }) => address).join(', ')
  return [{ rule: 'bcc-leak', detail: `Bcc shows ${shown} to every recipient (RFC 5322 §3.6.3)` }]
}

function unsubscribe(message: Message): Finding[] {
  return unsubscribeErrors(message).map((detail) => ({ rule: 'list-unsubscribe', detail }))
}

/** What is wrong with List-Unsubscribe (RFC 2369 §3.2) and its one-click companion (RFC 8058 §3.1). */
export function unsubscribeErrors(message: Message): string[] {
  const value = message.header('List-Unsubscribe')
  const post = message.header('List-Unsubscribe-Post')
  if (value === undefined) {
    return post === undefined
      ? []
      : ['List-Unsubscribe-Post without List-Unsubscribe (RFC 8058 §3.1)']
  }
  const links = unsubscribeLinks(value)
  return [
    links.length === 0 && 'List-Unsubscribe without an address in angle brackets (RFC 2369 §2)',
    links.some((link) => !/^(mailto|https?):/i.test(link)) &&
      'List-Unsubscribe with something else than mailto or http (RFC 2369 §3.2)',
    post !== undefined &&
      post !== 'List-Unsubscribe=One-Click' &&
      'List-Unsubscribe-Post is not List-Unsubscribe=One-Click (RFC 8058 §3.1)',
    post !== undefined &&
      !links.some((link) => /^https:/i.test(link)) &&
      'one-click needs an https address (RFC 8058 §3.1)',
  ].filter((problem) => problem !== false)
}

export function unsubscribeLinks(value: string): string[] {
  return [...value.matchAll(/<([^<>]*)>/g)].map((match) => (match[1] ?? '').trim())
}
