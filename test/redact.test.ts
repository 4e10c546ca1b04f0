import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redact, withoutSecrets } from '../src/redact.ts'

test('withoutSecrets() leaves no token, hash or address in a text', () => {
  const token =
    'eyJhbGciOiJIUzI1NiIsImtpZCI6IlI2WDhvcCJ9.eyJzdWIiOiJkZW1vMDAwMDAwMDAifQ.dIWNEiHtf8XFo-NZhC542'
  const text = `Cannot open /reset_password/${token} of ana@example.com: $argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA`
  expect(withoutSecrets(text)).toBe('Cannot open /reset_password/[secret] of [address] [hash]')
})

test('withoutSecrets() leaves no half of one where it cuts a long text', () => {
  const text = withoutSecrets(`${'x '.repeat(995)}eyJhbGciOiJIUzI1NiIsImtpZCI6IlI2WDhvcCJ9.eyJz`)
  expect(text).not.toContain('eyJ')
})

describe('redact() takes out by value', () => {
  test.each([
    ['a short password', 'hunter2', 'no such column: hunter2'],
    ['in another case', 'Hunter2', 'no such column: hunter2'],
    ['a token without digits', 'abcdefghijklmnop', 'no such column: abcdefghijklmnop'],
    ['a word of three letters', 'cat', 'no such column: cat'],
    ['one letter', 'q', 'no such column: q'],
    ['what a URL would have', 'a b&c', 'no such column: a%20b%26c'],
    ['what JSON would have', 'a"b\\c', 'no such column: a\\"b\\\\c'],
    ['the other form of Unicode', 'cafe\u0301 noir', 'no such column: caf\u00e9 noir'],
    ['what was trimmed', '  hunter2 ', 'no such column: hunter2'],
    ['patterns as they stand', 'a.*(b)+', 'no such column: a.*(b)+'],
  ])('%s', (_, secret, text) => {
    expect(redact(text, [secret])).toBe('no such column: [redacted]')
  })

  test('a longer quote from a secret, too', () => {
    const secret = 'the first of many words, and-then-a-long-one, and more'
    expect(redact('near and-then-a-long-one', [secret])).toBe('near [redacted]')
  })

  test('and leaves words alone that only hold a short one', () => {
    expect(redact('no such column: category', ['cat', 'o'])).toBe('no such column: category')
  })

  test('whatever the secret is, it is not left as a word', () => {
    const secrets = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(secrets, (secret) => {
        fc.pre(secret.trim() !== '' && !'failed: [redacted] !'.includes(secret.trim()))
        expect(redact(`failed: ${secret} !`, [secret])).toBe('failed: [redacted] !')
      }),
    )
  })

  test('a thousand short ones by one pattern: each of its own would take a millisecond', () => {
    const took = (first: number, count: number) => {
      const secrets = Array.from({ length: count }, (_, i) => (first + i).toString(36))
      const text = secrets.join(' ')
      const started = performance.now()
      expect(redact(text, secrets)).toBe(Array(count).fill('[redacted]').join(' '))
      return performance.now() - started
    }
    // Values of their own each time: patterns are kept for a while.
    const ofTen = Math.min(...[0, 10, 20].map((more) => took(36 ** 2 + more, 10)))
    expect(took(36 ** 2 + 30, 1000) / ofTen).toBeLessThan(40)
  })
})
