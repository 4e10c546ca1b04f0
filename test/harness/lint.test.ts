import { expect, test } from 'vitest'
import { lint, rules, type Rule } from '../../harness/index.ts'
import { parseMail } from './read-mail.ts'

const good = {
  From: 'a@example.test',
  To: 'b@example.test',
  Subject: 'Hello',
  Date: 'Sat, 21 Nov 2026 09:00:00 +0000',
  'Message-ID': '<1@example.test>',
  'MIME-Version': '1.0',
}

/** A mail that is sound but for what is changed. */
function mail(change: Record<string, string | undefined> = {}, body = 'Hello', extra = '') {
  const fields = Object.entries({ ...good, ...change }).filter(([, value]) => value !== undefined)
  return `${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}${extra}\r\n${body}\r\n`
}

function html(body: string, text = 'Hello https://example.test/x', lang = ' lang="en"') {
  const parts = [
    `--b\r\nContent-Type: text/plain\r\n\r\n${text}\r\n`,
    `--b\r\nContent-Type: text/html\r\n\r\n<html${lang}><body>${body}</body></html>\r\n`,
  ]
  return mail({ 'Content-Type': 'multipart/alternative; boundary=b' }, `${parts.join('')}--b--`)
}

test('a sound mail has no findings', async () => {
  expect(lint(await parseMail(mail()))).toEqual([])
  const body =
    '<p style="color:#111">Hello <a href="https://example.test/x">link</a> <img src="cid:x" alt=""></p>'
  expect(lint(await parseMail(html(body)))).toEqual([])
})

const broken: [Rule, string][] = [
  ['missing-from', mail({ From: undefined })],
  ['missing-date', mail({ Date: undefined })],
  ['missing-message-id', mail({ 'Message-ID': undefined })],
  ['missing-subject', mail({ Subject: '' })],
  ['duplicate-header', mail({}, 'Hello', 'Subject: again\r\n')],
  ['bcc-leak', mail({ Bcc: 'hidden@example.test' })],
  ['encoded-word', mail({ From: '"=?UTF-8?Q?=C3=9C?=" <a@example.test>' })],
  ['encoded-word', mail({ Subject: `=?UTF-8?Q?${'x'.repeat(80)}?=` })],
  ['eight-bit-header', mail({ Subject: 'Grüße' })],
  ['line-too-long', mail({}, 'x'.repeat(999))],
  ['bare-line-ending', mail({}, 'one\ntwo')],
  ['bare-line-ending', mail({}, 'one\rtwo')],
  ['nul-byte', mail({}, 'one\0two')],
  ['list-unsubscribe', mail({ 'List-Unsubscribe': 'https://example.test' })],
  [
    'list-unsubscribe',
    mail({
      'List-Unsubscribe': '<mailto:x@example.test>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    }),
  ],
  ['missing-text', mail({ 'Content-Type': 'text/html' }, '<p lang="en">x</p>')],
  ['link-not-in-text', html('<a href="https://example.test/other">x</a>')],
  ['deceptive-link', html('<a href="https://example.test/x">bank.example.com</a>')],
  ['lang', html('x', 'x', '')],
  ['image-alt', html('<img src="cid:x">')],
  ['remote-content', html('<img src="https://example.com/pixel" alt="">')],
  ['contrast', html('<p style="background-color:#eee"><b style="color:#aaa">x</b></p>')],
  ['contrast', html('<font color="yellow">x</font>')],
]

test.for(broken)('%s is found', async ([rule, raw]) => {
  expect(lint(await parseMail(raw)).map((finding) => finding.rule)).toEqual([rule])
})

test.for(broken)('%s may be ignored', async ([rule, raw]) => {
  expect(lint(await parseMail(raw), { ignore: [rule] })).toEqual([])
})

test('every rule is shown by a mail that breaks it, by a connection, or below', () => {
  const elsewhere: Rule[] = ['auth-in-clear', 'helo-literal', 'unparsable']
  const shown = new Set([...broken.map(([rule]) => rule), ...elsewhere])
  expect([...rules].filter((rule) => !shown.has(rule))).toEqual([])
})

test('a header without end is a message that says it could not be parsed', async () => {
  const message = await parseMail(mail({ 'X-Long': 'x'.repeat(3 * 1024 * 1024) }))
  expect(message.problem).toMatch(/header/i)
  expect(message.raw.length).toBeGreaterThan(3_000_000)
  expect(lint(message).map(({ rule }) => rule)).toEqual(['unparsable'])
})

test('HTML that nests without end is read as far as anybody would', async () => {
  const deep = `<a href="https://example.test/top">Top</a>${'<div>'.repeat(20_000)}<a href="https://example.test/deep">Deep</a>`
  const message = await parseMail(html(deep))
  expect(message.link('Top')).toBe('https://example.test/top')
  expect(message.codes).toEqual([])
  expect(lint(message).length).toBeGreaterThan(0)
})
