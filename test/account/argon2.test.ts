import { argon2Sync } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Argon2Input } from '../../src/account/argon2.ts'
import { argon2id } from './argon2id.ts'
import { anyText } from '../any-text.ts'
import { full } from '../full.ts'

function reference({ password, salt, memory, passes, parallelism, length }: Argon2Input): string {
  const parameters = {
    message: password,
    nonce: salt,
    memory,
    passes,
    parallelism,
    tagLength: length,
  }
  return argon2Sync('argon2id', parameters).toString('hex')
}

function hex(input: Argon2Input): string {
  return Buffer.from(argon2id(input)).toString('hex')
}

test('the reference that ours is held against gives the vector of RFC 9106 §5.3', () => {
  // It has a secret and associated data, which our build does not take: so it is shown on Node's, and ours on Node's.
  const tag = argon2Sync('argon2id', {
    message: Buffer.alloc(32, 1),
    nonce: Buffer.alloc(16, 2),
    secret: Buffer.alloc(8, 3),
    associatedData: Buffer.alloc(12, 4),
    memory: 32,
    passes: 3,
    parallelism: 4,
    tagLength: 32,
  })
  expect(tag.toString('hex')).toBe(
    '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659',
  )
})

test('gives what Node gives for any password, salt and parameters', () => {
  const input = fc
    .record({
      password: fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        anyText(200).map((text) => new TextEncoder().encode(text)),
      ),
      salt: fc.uint8Array({ minLength: 8, maxLength: 64 }),
      extra: fc.nat(200),
      passes: fc.integer({ min: 1, max: 4 }),
      parallelism: fc.integer({ min: 1, max: 4 }),
      length: fc.integer({ min: 4, max: 80 }),
    })
    .map(({ extra, ...rest }) => ({ ...rest, memory: 8 * rest.parallelism + extra }))
  fc.assert(
    fc.property(input, (each) => {
      expect(hex(each)).toBe(reference(each))
    }),
    { numRuns: full ? 5_000 : 100 },
  )
})

test.each(['', 'ééééé', '\u0000', 'a\u0000b', '密码密码密码', '🔑'.repeat(64), 'x'.repeat(5_000)])(
  'hashes all bytes of %.8j',
  (password) => {
    const parameters = { memory: 64, passes: 1, parallelism: 1, length: 32 }
    const input = {
      ...parameters,
      password: new TextEncoder().encode(password),
      salt: new Uint8Array(16),
    }
    expect(hex(input)).toBe(reference(input))
  },
)

test('gives what Node gives at the parameters that are stored', () => {
  const parameters = { memory: 19456, passes: 2, parallelism: 1, length: 32 }
  const input = {
    ...parameters,
    password: new TextEncoder().encode('pässword'),
    salt: new Uint8Array(16).fill(7),
  }
  expect(hex(input)).toBe(reference(input))
})

test.each([
  { memory: 7, passes: 1, parallelism: 1 },
  { memory: 64, passes: 0, parallelism: 1 },
  { memory: 64, passes: 1, parallelism: 0 },
  { memory: 64, passes: 1, parallelism: 1, salt: new Uint8Array(7) },
  { memory: 4_294_967_295, passes: 1, parallelism: 1 },
])('refuses what RFC 9106 §3.1 does not allow, and lives on: %j', (wrong) => {
  const good = {
    memory: 64,
    passes: 1,
    parallelism: 1,
    length: 32,
    salt: new Uint8Array(16),
    password: new Uint8Array(4),
  }
  expect(() => argon2id({ ...good, ...wrong })).toThrow(RangeError)
  expect(hex(good)).toBe(reference(good))
})
