import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyText } from '../../any-text.ts'
import {
  formatReply,
  MalformedReply,
  ReplyBuffer,
  writeReply,
} from '../../../src/mail/smtp/reply.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

function readAll(chunks: readonly Uint8Array[]) {
  const buffer = new ReplyBuffer()
  const replies = []
  for (const chunk of chunks) {
    buffer.push(chunk)
    for (let reply = buffer.take(); reply !== null; reply = buffer.take()) replies.push(reply)
  }
  return { replies, isEmpty: buffer.isEmpty }
}

const line = fc.string({ maxLength: 60 }).map((text) => text.replace(/[\r\n]/g, ' '))
const aReply = fc.record({
  code: fc.constantFrom(220, 221, 235, 250, 251, 334, 354, 421, 450, 451, 535, 550, 554),
  lines: fc.array(line, { minLength: 1, maxLength: 8 }),
})

describe('the reply parser', () => {
  test('reads every sequence of replies alike, wherever it is cut', () => {
    const cuts = fc.array(fc.nat(400), { maxLength: 30 })
    fc.assert(
      fc.property(fc.array(aReply, { maxLength: 5 }), cuts, (replies, places) => {
        const wire = bytes(replies.map(writeReply).join(''))
        const read = readAll(cut(wire, places))
        expect(read.replies.map(({ code, lines }) => ({ code, lines }))).toEqual(replies)
        expect(read.isEmpty).toBe(true)
      }),
    )
  })

  test('takes any bytes at all for a reply or for nonsense, never for longer than it may', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 20 }), (chunks) => {
        try {
          for (const { code } of readAll(chunks).replies) expect(code).toSatisfy(isReplyCode)
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedReply)
        }
      }),
    )
  })

  test('never puts a control character into the text for people', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const { replies } = readAll([bytes(`550 ${text.replace(/\n/g, '')}\r\n`)])
        expect(replies.map(formatReply).join()).not.toMatch(/[\p{Cc}\u202e]/u)
      }),
    )
  })

  test.for([
    ['250 2.1.0 Ok\r\n', { code: 250, enhanced: '2.1.0', text: 'Ok' }],
    ['250\r\n', { code: 250, text: '' }],
    ['250 \n', { code: 250, text: '' }],
    [
      '550-5.1.1 No\r\n550 5.1.1 such user\r\n',
      { code: 550, enhanced: '5.1.1', text: 'No such user' },
    ],
    ['421 4.3 two digits only\r\n', { code: 421, text: '4.3 two digits only' }],
  ] as const)('reads %j', ([wire, expected]) => {
    const { replies } = readAll([bytes(wire)])
    expect(replies).toMatchObject([expected])
    expect(replies[0]?.enhanced).toBe('enhanced' in expected ? expected.enhanced : undefined)
  })

  test.for([
    'HTTP/1.1 400 Bad Request\r\n',
    '\r\n',
    '25 0 Ok\r\n',
    '250_Ok\r\n',
    '199 Ok\r\n',
    '600 Ok\r\n',
    '260 Ok\r\n',
    '250-one\r\n251 two\r\n',
    '250-one\r\ntwo\r\n',
    `250 ${'x'.repeat(17_000)}\r\n`,
    'x'.repeat(17_000),
    '250-x\r\n'.repeat(3_000),
  ])('refuses %.30j', (wire) => {
    expect(() => readAll([bytes(wire)])).toThrow(MalformedReply)
  })

  test('waits for the rest of half a reply', () => {
    expect(readAll([bytes('250-half\r\n25')])).toEqual({ replies: [], isEmpty: false })
  })
})

function cut(wire: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.filter((at) => at < wire.length), wire.length].sort((a, b) => a - b)
  return ends.map((end, at) => wire.subarray(ends[at - 1] ?? 0, end))
}

function isReplyCode(code: number): boolean {
  return code >= 200 && code < 560
}
