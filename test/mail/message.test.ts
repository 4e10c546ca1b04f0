import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { parseAddress, type EmailAddress } from '../../src/account/address.ts'
import { createMessage, toMail, type MessageFields } from '../../src/mail/message.ts'

const LINK =
  'https://id.example.test/reset_password/eyJhbGciOiJIUzI1NiIsImtpZCI6IkFiIn0.eyJzdWIiOiJrM0p4OSIsImN2IjozfQ.c2lnbmF0dXJl'

describe('createMessage refuses', () => {
  const breaks = ['\r', '\n', '\r\n', '\0', '\u0085', '\u2028', '\u2029', '\u001b']

  test.for(breaks)('%j in any header or envelope field', (text) => {
    const to: EmailAddress = { ...address('ana@example.test'), mailbox: `ana${text}@example.test` }
    const broken: Partial<MessageFields>[] = [
      { subject: `Hello${text}Bcc: evil@example.test` },
      { messageId: `id${text}` },
      { from: { address: address('app@example.test'), name: `App${text}` } },
      { from: { address: to } },
      { to },
    ]
    for (const fields of broken) expect(() => aMessage(fields)).toThrow(RangeError)
  })

  test.for(['<a@b.test>', 'a@b', 'a b', '', '.a', 'a..b', 'x'.repeat(129)])(
    '%j in front of the @ of a Message-ID',
    (messageId) => {
      expect(() => aMessage({ messageId })).toThrow('Message-ID is not fit for mail')
    },
  )

  test('a date that is none, an empty body, half a surrogate pair', () => {
    expect(() => aMessage({ date: new Date(Number.NaN) })).toThrow('date')
    expect(() => aMessage({ text: '' })).toThrow('text')
    expect(() => aMessage({ html: '' })).toThrow('HTML')
    expect(() => aMessage({ subject: '\ud83d' })).toThrow('subject')
  })
})

describe('the header', () => {
  test('has the fields that every mail of ours has, and no Bcc', () => {
    const { headers } = toMail(aMessage())
    expect(headers).toEqual({
      From: 'Sparekey <no-reply@id.example.test>',
      To: 'ana@example.test',
      Subject: 'Choose a new password',
      Date: 'Wed, 01 Jul 2026 12:00:00 +0000',
      'Message-ID': '<k3Jx9.1@id.example.test>',
      'Auto-Submitted': 'auto-generated',
    })
  })

  test.for([
    ['José Ñandú', '=?UTF-8?B?Sm9zw6kgw5FhbmTDug==?='],
    ['Müller, "Co" & Söhne', '=?UTF-8?B?TcO8bGxlciwgIkNvIiAmIFPDtmhuZQ==?='],
    ['Acme, Inc. "The \\ Shop"', '"Acme, Inc. \\"The \\\\ Shop\\""'],
    ['evil@example.test', '"evil@example.test"'],
    ['=?UTF-8?Q?spoof?=', '=?UTF-8?B?PT9VVEYtOD9RP3Nwb29mPz0=?='],
  ] as const)('writes the sender name %s as RFC 2047 and RFC 5322 have it', ([name, encoded]) => {
    const { headers } = toMail(aMessage({ from: { address: address('a@example.test'), name } }))
    expect(headers?.['From']).toBe(`${encoded} <a@example.test>`)
  })

  test('folds and splits any subject, and a reader gets back what was written', async () => {
    await fc.assert(
      fc.asyncProperty(headerText(), async (subject) => {
        const encoded = toMail(aMessage({ subject })).headers?.['Subject'] ?? ''
        const lines = `Subject: ${encoded}`.split('\r\n')
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(998)
        for (const word of encoded.split(/\s+/).filter((word) => word.startsWith('=?'))) {
          expect(word.length).toBeLessThanOrEqual(75)
        }
        expect((await parse(`Subject: ${encoded}`)).subject).toBe(subject)
      }),
    )
  })

  test('gives back any sender name', async () => {
    await fc.assert(
      fc.asyncProperty(headerText(60), async (name) => {
        const from = { address: address('a@example.test'), name }
        const { headers } = toMail(aMessage({ from }))
        expect(await parse(`From: ${headers?.['From']}`)).toMatchObject({
          from: { name, address: 'a@example.test' },
        })
      }),
    )
  })

  test('stays within 78 characters a line where words allow it', () => {
    const subject = `${'Choose a new password '.repeat(12)}für José`
    const encoded = toMail(aMessage({ subject })).headers?.['Subject'] ?? ''
    for (const line of `Subject: ${encoded}`.split('\r\n'))
      expect(line.length).toBeLessThanOrEqual(78)
  })

  test('encodes a word of a thousand characters rather than overrun 998', () => {
    const encoded = toMail(aMessage({ subject: 'x'.repeat(999) })).headers?.['Subject'] ?? ''
    for (const line of `Subject: ${encoded}`.split('\r\n'))
      expect(line.length).toBeLessThanOrEqual(78)
  })
})

test('the envelope has one recipient, in punycode', () => {
  const { to } = toMail(aMessage({ to: address('Ana@Exämple.test') }))
  expect(to).toBe('Ana@xn--exmple-cua.test')
})

/** Any text that can stand in a header: no controls, no space at the ends or twice, as forms trim it. */
function headerText(maxLength = 300) {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength })
  return text.map((chars) => chars.replace(/[\s\p{Cc}]+/gu, ' ').trim() || 'x')
}

function aMessage(fields: Partial<MessageFields> = {}) {
  return createMessage({
    from: { address: address('no-reply@id.example.test'), name: 'Sparekey' },
    to: address('ana@example.test'),
    subject: 'Choose a new password',
    text: `Hello,\n\n${LINK}\n`,
    html: `<p><a href="${LINK}">${LINK}</a></p>`,
    messageId: 'k3Jx9.1',
    date: new Date('2026-07-01T12:00:00Z'),
    ...fields,
  })
}

function parse(header: string) {
  return PostalMime.parse(`${header}\r\n\r\nbody`)
}

function address(text: string): EmailAddress {
  const parsed = parseAddress(text)
  if (parsed === null) throw new RangeError(`Not an address: ${text}`)
  return parsed
}
