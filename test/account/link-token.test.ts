import fc from 'fast-check'
import { base64url, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { createKeyring } from '../../src/account/keyring.ts'
import {
  mintLinkToken,
  verifyRegisterToken,
  verifyResetToken,
} from '../../src/account/link-token.ts'
import { findDevice, mintDeviceCookie } from '../../src/account/device-cookie.ts'
import { newId, secureRandom } from '../../src/account/random.ts'
import { anyText } from '../any-text.ts'
import { full } from '../full.ts'

const now = 1_800_000_000
const key = 'a test key that is at least 32 bytes long'
const olderKey = 'an older key, also at least 32 bytes long'
const keyring = createKeyring([key])
const resetToken = () =>
  mintLinkToken(
    keyring,
    { purpose: 'reset', account: 'account00001', credentialVersion: 3 },
    now + 60,
  )

const { kid } = JSON.parse(
  new TextDecoder().decode(base64url.decode((await resetToken()).split('.')[0] ?? '')),
)

/** A token that says what its maker wants, rightly signed unless told otherwise. */
function forge(
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
  secret = key,
) {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', kid, ...header })
    .sign(new TextEncoder().encode(secret))
}

const goodClaims = { sub: 'account00001', cv: 3, aud: 'reset', exp: now + 60 }

function unsigned(header: object, claims: object, signature = '') {
  const part = (value: object) => base64url.encode(JSON.stringify(value))
  return `${part(header)}.${part(claims)}.${signature}`
}

describe('a link token', () => {
  test('says which account at which credential version', async () => {
    const link = await verifyResetToken(keyring, await resetToken(), now)
    expect(link).toEqual({ purpose: 'reset', account: 'account00001', credentialVersion: 3 })
  })

  test('works until the second before it expires, and not from then on', async () => {
    const token = await resetToken()
    expect(await verifyResetToken(keyring, token, now + 59)).not.toBeNull()
    expect(await verifyResetToken(keyring, token, now + 60)).toBeNull()
    expect(await verifyResetToken(keyring, token, now + 3600)).toBeNull()
  })

  test('is short, and of characters that no mail client breaks or escapes', async () => {
    const longest = await mintLinkToken(
      keyring,
      { purpose: 'reset', account: newId(secureRandom), credentialVersion: 999_999 },
      9_999_999_999,
    )
    expect(longest).toMatch(/^[A-Za-z0-9_.-]{1,199}$/)
  })

  test('is nothing where another purpose is asked for', async () => {
    const register = await mintLinkToken(
      keyring,
      { purpose: 'register', registration: 'row000000001' },
      now + 60,
    )
    const device = await mintDeviceCookie(keyring, 'ana@example.com', 'device000001', now)
    expect(await verifyRegisterToken(keyring, register, now)).not.toBeNull()
    for (const token of [register, device])
      expect(await verifyResetToken(keyring, token, now)).toBeNull()
    for (const token of [await resetToken(), device])
      expect(await verifyRegisterToken(keyring, token, now)).toBeNull()
    for (const token of [register, await resetToken()])
      expect(await findDevice(keyring, token, 'ana@example.com', now)).toBeNull()
  })

  test('is nothing when its algorithm is none', async () => {
    const token = unsigned({ alg: 'none', kid }, goodClaims)
    expect(await verifyResetToken(keyring, token, now)).toBeNull()
    expect(
      await verifyResetToken(keyring, unsigned({ alg: 'None', kid }, goodClaims, 'AA'), now),
    ).toBeNull()
  })

  test.each(['HS384', 'HS512'])('is nothing when it is rightly signed by %s', async (alg) => {
    expect(
      await verifyResetToken(keyring, await forge(goodClaims, { alg }, key.repeat(2)), now),
    ).toBeNull()
  })

  test.each(['RS256', 'ES256', 'EdDSA', 'dir', '', 256])(
    'is nothing when it claims %s',
    async (alg) => {
      const [, claims, signature] = (await forge(goodClaims)).split('.')
      const token = `${base64url.encode(JSON.stringify({ alg, kid }))}.${claims}.${signature}`
      expect(await verifyResetToken(keyring, token, now)).toBeNull()
    },
  )

  test('is nothing without its claims, or with claims of another type', async () => {
    expect(await verifyResetToken(keyring, await forge(goodClaims), now)).not.toBeNull()
    const { sub: _sub, ...noSubject } = goodClaims
    const { exp: _exp, ...noExpiry } = goodClaims
    const { aud: _aud, ...noPurpose } = goodClaims
    const { cv: _cv, ...noVersion } = goodClaims
    const wrong = [
      noSubject,
      noExpiry,
      noPurpose,
      noVersion,
      { ...goodClaims, cv: '3' },
      { ...goodClaims, sub: 7 },
    ]
    for (const claims of wrong) {
      expect(await verifyResetToken(keyring, await forge(claims), now)).toBeNull()
    }
  })

  test('is nothing when its key is not named, or named wrongly, or a header is critical', async () => {
    for (const header of [
      { kid: undefined },
      { kid: 'other0' },
      { kid: 7 },
      { crit: ['b64'], b64: false },
    ]) {
      const token = unsigned(
        { alg: 'HS256', kid, ...header },
        goodClaims,
        (await forge(goodClaims)).split('.')[2],
      )
      expect(await verifyResetToken(keyring, token, now)).toBeNull()
    }
  })

  test('is nothing after any one character of it has changed', async () => {
    const token = await resetToken()
    const verdicts = Array.from(token, (character, place) => {
      const other = character === 'A' ? 'B' : 'A'
      return verifyResetToken(keyring, token.slice(0, place) + other + token.slice(place + 1), now)
    })
    const alive = (await Promise.all(verdicts)).filter((verdict) => verdict !== null)
    expect(alive).toEqual([])
  })

  test('no text whatsoever makes the check fail, or is a token', async () => {
    const piece = fc.oneof(
      anyText(120),
      fc.base64String({ maxLength: 60 }),
      fc.json({ maxDepth: 1 }).map((json) => base64url.encode(json)),
    )
    const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join('.'))
    await fc.assert(
      fc.asyncProperty(text, async (token) => {
        expect(await verifyResetToken(keyring, token, now)).toBeNull()
        expect(await verifyRegisterToken(keyring, token, now)).toBeNull()
      }),
      { numRuns: full ? 20_000 : 500 },
    )
  })

  test.each([
    '',
    '.',
    '..',
    '...',
    'null',
    'undefined',
    '[]',
    '{}',
    '0',
    'true',
    '%',
    '_',
    `' OR 1=1--`,
    'a'.repeat(1_000_000),
  ])('%.20j is no token', async (token) => {
    expect(await verifyResetToken(keyring, token, now)).toBeNull()
  })
})

describe('keys', () => {
  test('a link signed by an older key works while that key is among the fallbacks', async () => {
    const token = await mintLinkToken(
      createKeyring([olderKey]),
      { purpose: 'reset', account: 'account00001', credentialVersion: 3 },
      now + 60,
    )
    expect(await verifyResetToken(createKeyring([key, olderKey]), token, now)).not.toBeNull()
    expect(await verifyResetToken(createKeyring([key]), token, now)).toBeNull()
  })

  test('the newest key signs', async () => {
    const token = await mintLinkToken(
      createKeyring([key, olderKey]),
      { purpose: 'register', registration: 'row000000001' },
      now + 60,
    )
    expect(await verifyRegisterToken(createKeyring([key]), token, now)).not.toBeNull()
    expect(await verifyRegisterToken(createKeyring([olderKey]), token, now)).toBeNull()
  })

  test('the name of a key is six characters of a hash, nothing of the key', () => {
    expect(kid).toMatch(/^[A-Za-z0-9_-]{6}$/)
    expect(key).not.toContain(kid)
  })
})

describe('a device cookie', () => {
  test('opens nothing but the account it was made for, for a year', async () => {
    const cookie = await mintDeviceCookie(keyring, 'ana@example.com', 'device000001', now)
    expect(await findDevice(keyring, cookie, 'ana@example.com', now + 364 * 86_400)).toBe(
      'device000001',
    )
    expect(await findDevice(keyring, cookie, 'ana@example.com', now + 365 * 86_400)).toBeNull()
    expect(await findDevice(keyring, cookie, 'bob@example.com', now)).toBeNull()
    expect(await findDevice(keyring, undefined, 'ana@example.com', now)).toBeNull()
    expect(await findDevice(keyring, '', 'ana@example.com', now)).toBeNull()
  })

  test('does not name the address: it lies about on shared computers', async () => {
    const [, claims = ''] = (
      await mintDeviceCookie(keyring, 'ana@example.com', 'device000001', now)
    ).split('.')
    expect(new TextDecoder().decode(base64url.decode(claims))).not.toMatch(/ana|example/)
  })
})

test('identifiers and secrets do not repeat and share no beginning', () => {
  const ids = Array.from({ length: 1000 }, () => newId(secureRandom))
  expect(new Set(ids).size).toBe(1000)
  expect(new Set(ids.map((id) => id[0])).size).toBeGreaterThan(32)
  expect(ids.every((id) => /^[A-Za-z0-9_-]{12}$/.test(id))).toBe(true)
})
