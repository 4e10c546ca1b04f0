/**
 * Links that another app has signed. What signs here is Node's own crypto, by
 * the formats' descriptions; what the apps' own libraries sign is in
 * test/fixtures and in test/interop/flask.test.ts.
 */
import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LegacyLinks, verifyLegacyLink } from '../../src/account/legacy-link.ts'
import { anyText } from '../any-text.ts'
import { full } from '../full.ts'

const now = 1_800_000_000
const links: LegacyLinks = {
  secretKey: 'what the other app signed with',
  until: now + 100_000,
  salt: 'itsdangerous',
  maxAge: 1800,
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function jws(header: object, payload: unknown, { digest = 'sha512', key = links.secretKey } = {}) {
  const signed = `${part(header)}.${part(payload)}`
  return `${signed}.${createHmac(digest, key).update(signed).digest('base64url')}`
}

const timedHeader = { alg: 'HS512', iat: now - 30, exp: now + 30 }
const timedJws = (payload: unknown, header: object = timedHeader) => jws(header, payload)

const pyJwtHeader = { alg: 'HS256', typ: 'JWT' }
const pyJwt = (payload: object, header: object = pyJwtHeader) =>
  jws(header, payload, { digest: 'sha256' })

function urlSafeTimed(payload: unknown, { at = now, salt = links.salt } = {}) {
  const time = Buffer.alloc(4)
  time.writeUInt32BE(at)
  const signed = `${part(payload)}.${time.toString('base64url')}`
  const key = createHash('sha1').update(`${salt}signer${links.secretKey}`).digest()
  return `${signed}.${createHmac('sha1', key).update(signed).digest('base64url')}`
}

interface Sample {
  secret: string
  payload: { user_id: number }
  iat: number
  exp: number
  token: string
}

const samples: { itsdangerous: Sample[] } = JSON.parse(
  readFileSync('test/fixtures/link-tokens.json', 'utf8'),
)

describe.each(samples.itsdangerous)(
  'a token that a tutorial prints, of $iat',
  ({ secret, payload, iat, exp, token }) => {
    const of = { ...links, secretKey: secret }

    test('is good from its time to its end, and dead a second later', async () => {
      for (const time of [iat, exp - 1, exp]) {
        expect(await verifyLegacyLink(of, token, time)).toBe(String(payload.user_id))
      }
      expect(await verifyLegacyLink(of, token, exp + 1)).toBeNull()
    })

    test('is nothing under another key, or after any one character has changed', async () => {
      expect(await verifyLegacyLink(links, token, iat)).toBeNull()
      const verdicts = Array.from(token.slice(0, -1), (character, place) => {
        const other = character === 'A' ? 'B' : 'A'
        return verifyLegacyLink(of, token.slice(0, place) + other + token.slice(place + 1), iat)
      })
      expect((await Promise.all(verdicts)).filter((id) => id !== null)).toEqual([])
    })
  },
)

const kinds = {
  TimedJSONWebSignatureSerializer: (id: unknown) => timedJws({ user_id: id }),
  PyJWT: (id: unknown) => pyJwt({ reset_password: id, exp: now + 30 }),
  URLSafeTimedSerializer: (id: unknown) => urlSafeTimed({ user_id: id }),
}

describe.each(Object.entries(kinds))('%s', (_kind, make) => {
  test('names a row number or a UUID', async () => {
    const uuid = '0b3a9a3e-6a0c-4c57-9d3e-0d5a9e3f7a11'
    expect(await verifyLegacyLink(links, make(42), now)).toBe('42')
    expect(await verifyLegacyLink(links, make(uuid), now)).toBe(uuid)
  })

  test.each([null, true, '', 1.5, [1], { id: 1 }, 1e300])('%j is nobody', async (id) => {
    expect(await verifyLegacyLink(links, make(id), now)).toBeNull()
  })

  test('is nothing from LEGACY_UNTIL on', async () => {
    expect(await verifyLegacyLink({ ...links, until: now + 1 }, make(1), now)).toBe('1')
    expect(await verifyLegacyLink({ ...links, until: now }, make(1), now)).toBeNull()
  })

  test('is nothing under another key', async () => {
    const other = { ...links, secretKey: `${links.secretKey}!` }
    expect(await verifyLegacyLink(other, make(1), now)).toBeNull()
  })
})

test.each([
  [{ user_id: 1, purpose: 'confirm' }],
  [{ id: 1 }],
  [{ confirm: 1 }],
  [{ reset_password: 1 }],
  [{}],
  [[1]],
  [1],
  ['1'],
  [null],
])('a payload of %j is not that of a reset link', async (payload) => {
  expect(await verifyLegacyLink(links, timedJws(payload), now)).toBeNull()
  expect(await verifyLegacyLink(links, urlSafeTimed(payload), now)).toBeNull()
})

test.each([
  { reset_password: 1 },
  { reset_password: 1, exp: now + 30, iat: now },
  { reset_password: 1, exp: String(now + 30) },
  { user_id: 1, exp: now + 30 },
  { user_id: 1 },
  { verify_email: 1, exp: now + 30 },
])('claims of %j are not those of a reset link', async (claims) => {
  expect(await verifyLegacyLink(links, pyJwt(claims), now)).toBeNull()
})

test.each([
  { alg: 'HS512' },
  { alg: 'HS512', exp: now + 30 },
  { alg: 'HS512', iat: now, exp: String(now + 30) },
  { alg: 'HS512', iat: now, exp: null },
  { ...timedHeader, kid: 'x' },
  { ...timedHeader, crit: ['exp'] },
])('a header of %j is not that of a reset link', async (header) => {
  expect(await verifyLegacyLink(links, timedJws({ user_id: 1 }, header), now)).toBeNull()
})

test.each(['none', 'None', 'HS256', 'HS384', 'RS256', ''])(
  'where HS512 belongs, %j is nothing, however it is signed',
  async (alg) => {
    const header = { ...timedHeader, alg }
    for (const digest of ['sha256', 'sha384', 'sha512']) {
      expect(await verifyLegacyLink(links, jws(header, { user_id: 1 }, { digest }), now)).toBeNull()
    }
    const unsigned = `${part(header)}.${part({ user_id: 1 })}.`
    expect(await verifyLegacyLink(links, unsigned, now)).toBeNull()
  },
)

test.each(['none', 'HS384', 'HS512', 'RS256'])(
  'where HS256 belongs, %j is nothing, however it is signed',
  async (alg) => {
    const claims = { reset_password: 1, exp: now + 30 }
    for (const digest of ['sha256', 'sha384', 'sha512']) {
      const token = jws({ alg, typ: 'JWT' }, claims, { digest })
      expect(await verifyLegacyLink(links, token, now)).toBeNull()
    }
  },
)

test('a PyJWT link ends with its exp, an integer or a float', async () => {
  const whole = pyJwt({ reset_password: 1, exp: now })
  const broken = pyJwt({ reset_password: 1, exp: now + 0.5 })
  expect(await verifyLegacyLink(links, whole, now - 1)).toBe('1')
  expect(await verifyLegacyLink(links, whole, now)).toBeNull()
  expect(await verifyLegacyLink(links, broken, now)).toBe('1')
  expect(await verifyLegacyLink(links, broken, now + 1)).toBeNull()
})

test('a URLSafeTimedSerializer link ends when it is too old, and was not signed tomorrow', async () => {
  const token = urlSafeTimed({ user_id: 1 })
  expect(await verifyLegacyLink(links, token, now + 1800)).toBe('1')
  expect(await verifyLegacyLink(links, token, now + 1801)).toBeNull()
  expect(await verifyLegacyLink(links, token, now - 1)).toBeNull()
})

test('a URLSafeTimedSerializer link is salted as the settings say', async () => {
  const token = urlSafeTimed({ user_id: 1 }, { salt: 'password-reset' })
  expect(await verifyLegacyLink(links, token, now)).toBeNull()
  expect(await verifyLegacyLink({ ...links, salt: 'password-reset' }, token, now)).toBe('1')
})

test('an id alone is a link only under a salt of its own: else it may be for anything', async () => {
  const salted = { ...links, salt: 'password-reset' }
  const token = urlSafeTimed(7, { salt: 'password-reset' })
  expect(await verifyLegacyLink(salted, token, now)).toBe('7')
  expect(await verifyLegacyLink(links, urlSafeTimed(7), now)).toBeNull()
})

test('no text whatsoever makes the check fail, or is a link', async () => {
  const piece = fc.oneof(
    anyText(120),
    fc.base64String({ maxLength: 60 }),
    fc.json({ maxDepth: 1 }).map((json) => Buffer.from(json).toString('base64url')),
    fc.constantFrom(part(timedHeader), part(pyJwtHeader), part({ user_id: 1 })),
  )
  const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join('.'))
  await fc.assert(
    fc.asyncProperty(text, async (token) => {
      expect(await verifyLegacyLink(links, token, now)).toBeNull()
    }),
    { numRuns: full ? 20_000 : 500 },
  )
})

test('what is longer than any link is not looked at', async () => {
  const token = timedJws({ user_id: 'x'.repeat(400) })
  expect(await verifyLegacyLink(links, token, now)).toBeNull()
})
