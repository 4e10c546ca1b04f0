import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseUsername } from '../../src/account/username.ts'
import { anyText } from '../any-text.ts'

test.each([
  ['Ana', 'Ana'],
  ['  Ana María  ', 'Ana María'],
  ['Jose\u0301', 'José'],
  ['李', '李'],
  ['🦊', '🦊'],
  ['_', '_'],
  ['🦊'.repeat(64), '🦊'.repeat(64)],
])('%j is a name', (typed, name) => {
  expect(parseUsername(typed)).toEqual({ ok: true, name })
})

test.each(['', '   ', '\u00a0', '\u200b\u200b', '\u2060', '\u202e', '\u0301'])(
  '%j shows nothing, so it is missing',
  (typed) => {
    expect(parseUsername(typed)).toEqual({ ok: false, problem: 'missing' })
  },
)

test('65 characters are too long, counted as people count them', () => {
  expect(parseUsername('🦊'.repeat(65))).toEqual({ ok: false, problem: 'too-long' })
  expect(parseUsername('x'.repeat(100_000))).toEqual({ ok: false, problem: 'too-long' })
})

test('a name stays what it is when it is typed again', () => {
  fc.assert(
    fc.property(anyText(80), (typed) => {
      const username = parseUsername(typed)
      if (username.ok) expect(parseUsername(username.name)).toEqual(username)
    }),
  )
})
