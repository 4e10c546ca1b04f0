/**
 * Passwords against what is stored for them: ours, and what other apps store. What
 * workerd's own PBKDF2 refuses (more than 100,000 iterations) is tried just above that,
 * and Argon2id in the most memory; with FULL=1 at what Django and PHP have chosen.
 */
import { argon2Sync, pbkdf2Sync, scryptSync } from 'node:crypto'
import { hashSync } from 'bcryptjs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { formatPhc, parsePhc } from '../../src/account/password-formats/argon2id.ts'
import { nameOfFormat, parseStoredHash } from '../../src/account/password-formats/index.ts'
import { createPasswords } from '../../src/account/password-hash.ts'
import { Overloaded } from '../../src/account/turn-queue.ts'
import { secureRandom } from '../../src/account/random.ts'
import { argon2id } from './argon2id.ts'
import { anyText } from '../any-text.ts'
import { full } from '../full.ts'

const passwords = createPasswords({ argon2id, random: secureRandom })

async function verify(password: string, stored: string | null) {
  using turn = await passwords.turn()
  return await turn.verify(password, stored)
}

async function hash(password: string) {
  using turn = await passwords.turn()
  return turn.hash(password)
}

/** What other apps store for a password, made by Node's own functions. */
const made = {
  argon2id: (password: string, { memory = 4096, passes = 3, parallelism = 4 } = {}) => {
    const salt = Buffer.alloc(16, 9)
    const parameters = { memory, passes, parallelism, tagLength: 32 }
    const tag = argon2Sync('argon2id', { message: password, nonce: salt, ...parameters })
    return formatPhc({ memory, passes, parallelism, salt, hash: tag })
  },
  'werkzeug-pbkdf2': (password: string, { digest = 'sha256', iterations = 1000 } = {}) => {
    const length = { sha1: 20, sha256: 32, sha512: 64 }[digest] ?? 0
    const key = pbkdf2Sync(password, 'NaClNaCl', iterations, length, digest)
    return `pbkdf2:${digest}:${iterations}$NaClNaCl$${key.toString('hex')}`
  },
  'django-pbkdf2': (password: string, { iterations = 1000 } = {}) => {
    const key = pbkdf2Sync(password, 'NaClNaCl', iterations, 32, 'sha256')
    return `pbkdf2_sha256$${iterations}$NaClNaCl$${key.toString('base64')}`
  },
  'werkzeug-scrypt': (password: string, { n = 1024 } = {}) => {
    const key = scryptSync(password, 'NaClNaCl', 64, { N: n, r: 8, p: 1, maxmem: 2 ** 28 })
    return `scrypt:${n}:8:1$NaClNaCl$${key.toString('hex')}`
  },
  bcrypt: (password: string) => hashSync(password, 4),
}

describe('a password of today', () => {
  test('is stored as a PHC string with the parameters of OWASP, salted anew each time', async () => {
    const [one, other] = [
      await hash('a long enough password'),
      await hash('a long enough password'),
    ]
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(one).not.toBe(other)
  })

  test('is right, current, and nothing else is', async () => {
    const stored = await hash('a long enough password')
    expect(await verify('a long enough password', stored)).toEqual({ ok: true, outdated: false })
    for (const wrong of [
      'a long enough passwor',
      'A long enough password',
      'a long enough password ',
      '',
    ]) {
      expect(await verify(wrong, stored)).toEqual({ ok: false, outdated: false })
    }
  })

  test('is one password however its accents were typed', async () => {
    const stored = await hash('cafe\u0301 cre\u0300me bru\u0302le\u0301e')
    const composed = 'café crème brûlée'.normalize('NFC')
    expect(await verify(composed, stored)).toEqual({ ok: true, outdated: false })
    expect((await verify(composed.normalize('NFD'), stored)).ok).toBe(true)
    expect((await verify('cafe creme brulee', stored)).ok).toBe(false)
  })

  test('counts to its last byte: NUL, emoji and 1,024 bytes are not cut', async () => {
    const long = '🔑'.repeat(256)
    for (const password of ['before\u0000after the NUL', long]) {
      const stored = await hash(password)
      expect((await verify(password, stored)).ok).toBe(true)
      expect((await verify(password.slice(0, -2), stored)).ok).toBe(false)
    }
    expect((await verify('before', await hash('before\u0000after the NUL'))).ok).toBe(false)
  })

  test.each(['', 'x', 'nobody'])(
    'nobody has %j, or any password, without an account',
    async (password) => {
      expect(await verify(password, null)).toEqual({ ok: false, outdated: false })
      expect(await verify(password, 'garbage')).toEqual({ ok: false, outdated: false })
    },
  )
})

describe('a password of another app', () => {
  test.each([
    ['argon2id', made.argon2id('pässword')],
    [
      'argon2id',
      made.argon2id('pässword', { memory: 65536, passes: full ? 4 : 1, parallelism: 1 }),
    ],
    ['bcrypt', made.bcrypt('pässword')],
    ['bcrypt', made.bcrypt('pässword').replace('$2b$', '$2a$')],
    ['bcrypt', made.bcrypt('pässword').replace('$2b$', '$2y$')],
    ['werkzeug-pbkdf2', made['werkzeug-pbkdf2']('pässword')],
    ['werkzeug-pbkdf2', made['werkzeug-pbkdf2']('pässword', { digest: 'sha1' })],
    ['werkzeug-pbkdf2', made['werkzeug-pbkdf2']('pässword', { digest: 'sha512' })],
    ['werkzeug-pbkdf2', made['werkzeug-pbkdf2']('pässword', { iterations: 100_000 })],
    ['werkzeug-pbkdf2', made['werkzeug-pbkdf2']('pässword', { iterations: 100_001 })],
    ['werkzeug-scrypt', made['werkzeug-scrypt']('pässword')],
    ['werkzeug-scrypt', made['werkzeug-scrypt']('pässword', { n: 32768 })],
    ['django-pbkdf2', made['django-pbkdf2']('pässword')],
    ['django-pbkdf2', made['django-pbkdf2']('pässword', { iterations: full ? 260_000 : 100_001 })],
  ])('is verified once more and then replaced: %s %s', async (name, stored) => {
    expect(nameOfFormat(stored)).toBe(name)
    expect(await verify('pässword', stored)).toEqual({ ok: true, outdated: true })
    expect(await verify('passwort', stored)).toEqual({ ok: false, outdated: false })
  })

  test('bcrypt is held against a vector of its own, from the tests of crypt_blowfish', async () => {
    const vector = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'
    expect((await verify('U*U', vector)).ok).toBe(true)
  })

  test.each(Object.entries(made))('%s is tried as typed before NFC', async (_name, make) => {
    const decomposed = 'cafe\u0301 au lait'
    expect((await verify(decomposed, make(decomposed))).ok).toBe(true)
    expect((await verify(decomposed, make(decomposed.normalize('NFC')))).ok).toBe(true)
  })

  test('one that was hashed undecomposed by us is replaced by its NFC', async () => {
    const stored = made.argon2id('cafe\u0301', { memory: 19456, passes: 2, parallelism: 1 })
    expect(await verify('cafe\u0301', stored)).toEqual({ ok: true, outdated: true })
  })
})

describe('hostile parameters are refused, not computed', () => {
  const argon2 = made.argon2id('x')
  const pbkdf2 = made['werkzeug-pbkdf2']('x')
  const scrypt = made['werkzeug-scrypt']('x')
  const django = made['django-pbkdf2']('x')
  const bcrypt = made.bcrypt('x')

  test.each([
    argon2.replace('m=4096', 'm=4294967295'),
    argon2.replace('m=4096', 'm=65537'),
    argon2.replace('m=4096', 'm=0'),
    argon2.replace('m=4096', 'm=16'),
    argon2.replace('m=4096', 'm=1e3'),
    argon2.replace('m=4096', 'm=-1'),
    argon2.replace('t=3', 't=4294967295'),
    argon2.replace('p=4', 'p=255'),
    argon2.replace('v=19', 'v=16'),
    argon2.replace('argon2id', 'argon2i'),
    argon2.replace('argon2id', 'argon2d'),
    `${argon2}=`,
    `${argon2}\n`,
    `${argon2}${'A'.repeat(1000)}`,
    argon2.slice(0, -30),
    pbkdf2.replace(':1000$', ':1000000000$'),
    pbkdf2.replace(':1000$', ':1500001$'),
    pbkdf2.replace(':1000$', ':0$'),
    pbkdf2.replace(':1000$', ':1e9$'),
    pbkdf2.replace('sha256', 'md5'),
    pbkdf2.replace('sha256', 'constructor'),
    pbkdf2.slice(0, -2),
    django.replace('$1000$', '$1000000000$'),
    django.replace('$NaClNaCl$', `$${'a'.repeat(1000)}$`),
    scrypt.replace(':1024:', `:${2 ** 30}:`),
    scrypt.replace(':1024:', ':1023:'),
    scrypt.replace(':1024:', ':1:'),
    scrypt.replace(':8:1', ':8:9999'),
    scrypt.replace(':8:1', ':9999:1'),
    bcrypt.replace('$04$', '$31$'),
    bcrypt.replace('$04$', '$15$'),
    bcrypt.replace('$04$', '$00$'),
    bcrypt.replace('$2b$', '$2x$'),
    ...[
      '',
      '$',
      '!',
      'x',
      'plain text',
      'md5$salt$0123',
      '{SSHA}0123',
      '$argon2id$',
      'scrypt:::$$',
    ],
  ])('%s', async (stored) => {
    expect(parseStoredHash(stored)).toBeNull()
    expect(await verify('x', stored)).toEqual({ ok: false, outdated: false })
  })

  test('whatever text stands in the database, reading it is quick and never fails', () => {
    const grammar = fc
      .tuple(
        fc.constantFrom(
          '$argon2id$v=19$m=',
          'pbkdf2:sha256:',
          'scrypt:',
          '$2b$',
          'pbkdf2_sha256$',
          '',
        ),
        anyText(300),
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(grammar, (text) => {
        expect(() => parseStoredHash(text)).not.toThrow()
      }),
      { numRuns: full ? 50_000 : 2_000 },
    )
  })

  test('a PHC string is read as it was written', () => {
    const phc = fc.record({
      memory: fc.integer({ min: 32, max: 65536 }),
      passes: fc.integer({ min: 1, max: 10 }),
      parallelism: fc.integer({ min: 1, max: 4 }),
      salt: fc.uint8Array({ minLength: 9, maxLength: 64 }),
      hash: fc.uint8Array({ minLength: 12, maxLength: 64 }),
    })
    fc.assert(
      fc.property(phc, (written) => {
        expect(parsePhc(formatPhc(written))).toEqual(written)
      }),
    )
  })
})

test('who has a place is counted, and so is not turned away at the turn, however many wait there', async () => {
  const crowded = createPasswords({ argon2id, random: secureRandom })
  using place = await crowded.place()
  const turns = Array.from({ length: 65 }, () => crowded.turn())
  await expect(crowded.turn()).rejects.toThrow(Overloaded)
  const own = place.turn()
  for (const each of turns) (await each)[Symbol.dispose]()
  using turn = await own
  expect(turn.hash('a long enough password')).toMatch(/^\$argon2id\$/)
})

describe('places on the way to a turn', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  const settled = () => vi.advanceTimersByTimeAsync(1)

  test('eight have one, and the ninth waits until one of them is disposed of', async () => {
    const crowded = createPasswords({ argon2id, random: secureRandom })
    const first = Array.from({ length: 8 }, () => crowded.place())
    const ninth = vi.fn<() => void>()
    await settled()
    await Promise.all(first)
    const last = crowded.place().finally(ninth)
    await settled()
    expect(ninth).not.toHaveBeenCalled()
    ;(await first[4])?.[Symbol.dispose]()
    await settled()
    expect(ninth).toHaveBeenCalledOnce()
    await expect(last).resolves.toHaveProperty('turn')
  })

  test('whoever has one is kept alive until it is disposed of, its turn being over or not', async () => {
    const kept: Promise<void>[] = []
    const keepAlive = (promise: Promise<void>) => void kept.push(promise)
    const crowded = createPasswords({ argon2id, random: secureRandom, keepAlive })
    const [own] = await Promise.all([crowded.place(), settled()])
    expect(kept).toHaveLength(1)
    const over = vi.fn<() => void>()
    void kept[0]?.then(over)
    const [turn] = await Promise.all([own.turn(), settled()])
    turn[Symbol.dispose]()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(over).not.toHaveBeenCalled()
    own[Symbol.dispose]()
    await settled()
    expect(over).toHaveBeenCalledOnce()
  })
})
