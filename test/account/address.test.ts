import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAsciiMailbox, parseAddress } from '../../src/account/address.ts'
import { anyText } from '../any-text.ts'
import { full } from '../full.ts'

/** FULL=1 looks longer. */
const numRuns = full ? 50_000 : 1_000

describe('one mailbox however it is typed', () => {
  test.each([
    ['ana@example.com', 'ANA@Example.COM'],
    ['ana@example.com', '  ana@example.com \u00a0'],
    ['ana@example.com', 'ana@example.com.'],
    ['ana@xn--exmple-cua.com', 'ana@exämple.com'],
    ['ana@xn--exmple-cua.com', 'ana@EXA\u0308MPLE.com'],
    ['ana@example.com', 'ana@example。com'],
    ['josé@example.com', 'jose\u0301@example.com'],
    ['ana+tag@example.com', 'Ana+Tag@example.com'],
    ['a.n.a@example.com', 'a.n.a@example.com'],
  ])('%s is the key of %s', (key, typed) => {
    expect(parseAddress(typed)?.key).toBe(key)
  })

  test('dots and tags are not folded: only the mailbox provider knows what they mean', () => {
    expect(parseAddress('a.na@example.com')?.key).not.toBe(parseAddress('ana@example.com')?.key)
    expect(parseAddress('ana+x@example.com')?.key).not.toBe(parseAddress('ana@example.com')?.key)
  })

  test('the envelope keeps the local part as typed and has the domain in punycode', () => {
    const address = parseAddress(' Ana@Exämple.com ')
    expect(address).toMatchObject({ typed: 'Ana@Exämple.com', mailbox: 'Ana@xn--exmple-cua.com' })
  })

  test('a mailbox beyond ASCII is told apart', () => {
    const told = ['ana@exämple.com', 'josé@example.com'].map((typed) => {
      const address = parseAddress(typed)
      return address && isAsciiMailbox(address)
    })
    expect(told).toEqual([true, false])
  })
})

test.each([
  ...['', ' ', '@', 'ana', 'ana@', '@example.com', 'ana@example', 'ana@@example.com'],
  ...['a@example.com,b@example.com', 'a@example.com;b@example.com', 'a@example.com b@example.com'],
  ...['a@example.com\r\nBcc: b@example.com', 'a@example.com\nb', 'a\u0000@example.com'],
  ...['Ana <ana@example.com>', '<ana@example.com>', '"ana b"@example.com', 'ana(x)@example.com'],
  ...['.ana@example.com', 'ana.@example.com', 'a..b@example.com', 'ana@.example.com'],
  ...['ana@example..com', 'ana@-example.com', 'ana@example-.com', 'ana@example.com..'],
  ...['ana@127.0.0.1', 'ana@[127.0.0.1]', 'ana@2130706433', 'ana@0x7f.1', 'ana@１２７.0.0.1'],
  ...['ana@example.com:25', 'ana@example.com/x', 'ana@example.com?x', 'ana@user:x@example.com:1'],
  ...['ana@exam ple.com', 'ana@exam%70le.com', 'ana@exam\u00adple.com', 'a\u200bna@example.com'],
  ...[`ana@${'a'.repeat(64)}.com`, `${'a'.repeat(65)}@example.com`],
  ...[`${'é'.repeat(33)}@example.com`, `a@${'abcdefgh.'.repeat(28)}example.com`],
  ...['a'.repeat(10_000), `${'@'.repeat(200)}example.com`],
])('%j is no address', (typed) => {
  expect(parseAddress(typed)).toBeNull()
})

test('the longest mailbox of RFC 5321 is taken, one octet more is not', () => {
  const local = 'a'.repeat(64)
  const domain = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(57)}.com`
  expect(`${local}@${domain}`).toHaveLength(254)
  expect(parseAddress(`${local}@${domain}`)).not.toBeNull()
  expect(parseAddress(`${local}@d${domain}`)).toBeNull()
})

describe('whatever is taken', () => {
  const typed = fc.oneof(
    fc.emailAddress(),
    anyText(80),
    fc.tuple(anyText(20), fc.domain()).map(([local, domain]) => `${local}@${domain}`),
  )

  test('holds nothing that SMTP or a header could read as a second thing', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const address = parseAddress(text)
        if (address === null) return
        for (const form of [address.typed, address.key, address.mailbox]) {
          expect(form).not.toMatch(/[\s\p{C},;:<>()[\]"\\]/u)
          expect(form.split('@')).toHaveLength(2)
        }
      }),
      { numRuns },
    )
  })

  test('has the same key when its typed form, its mailbox or its key is typed again', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const address = parseAddress(text)
        if (address === null) return
        for (const again of [address.typed, address.mailbox, address.key]) {
          expect(parseAddress(again)?.key).toBe(address.key)
        }
      }),
      { numRuns },
    )
  })
})

test('what is far too long is not brought into NFC, which takes the square of its marks', () => {
  const fastestOf = (marks: number) => {
    const typed = `a${'\u0301'.repeat(marks / 2)}${'\u0323'.repeat(marks / 2)}@example.com`
    const runs = [1, 2, 3].map(() => {
      const started = performance.now()
      expect(parseAddress(typed)).toBeNull()
      return performance.now() - started
    })
    return Math.min(...runs)
  }
  expect(fastestOf(8000) / fastestOf(800)).toBeLessThan(10)
})
