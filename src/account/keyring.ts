/**
 * The keys that sign links and device cookies: JWTs with HS256 (RFC 7519, by
 * jose), their purpose pinned in `aud` and their key named in `kid`.
 */
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { sha256, toBase64Url } from './encoding.ts'

export interface Keyring {
  /** Signs with the newest key. `expiresAt` in Unix seconds. */
  sign(purpose: Purpose, claims: JWTPayload, expiresAt: number): Promise<string>
  /** Null, and nothing more, for expired, forged, foreign and misshapen alike. `now` in Unix seconds. */
  verify(purpose: Purpose, text: string, now: number): Promise<SignedClaims | null>
  /** Twelve characters that follow from `text`, and that nobody without the newest key can foretell. */
  pseudonym(text: string): Promise<string>
}

export type Purpose = 'reset' | 'register' | 'device'

export type SignedClaims = JWTPayload & { sub: string }

/** Longer than any token of ours; what is longer still is not looked at. */
const TOKEN_MAX = 256

/** Accepts every key, so that keys rotate without breaking links already mailed. */
export function createKeyring(secretKeys: readonly [string, ...string[]]): Keyring {
  let imported: Promise<SigningKey[]> | undefined
  const keys = () => (imported ??= Promise.all(secretKeys.map(importKey)))
  return {
    async sign(purpose, claims, expiresAt) {
      const newest = newestOf(await keys())
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: newest.kid })
        .setAudience(purpose)
        .setExpirationTime(expiresAt)
        .sign(newest.key)
    },
    async verify(purpose, text, now) {
      return text.length > TOKEN_MAX ? null : verifyWith(await keys(), purpose, text, now)
    },
    async pseudonym(text) {
      const { key } = newestOf(await keys())
      // The space keeps it apart from every JWT, which is signed by the same key.
      const bytes = new TextEncoder().encode(`pseudonym ${text}`)
      return toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes))).slice(0, 12)
    },
  }
}

interface SigningKey {
  kid: string
  key: CryptoKey
}

function newestOf([newest]: readonly SigningKey[]): SigningKey {
  if (newest === undefined) throw new TypeError('Cannot sign: there is no key')
  return newest
}

async function verifyWith(
  keys: readonly SigningKey[],
  purpose: Purpose,
  text: string,
  now: number,
): Promise<SignedClaims | null> {
  try {
    const { payload } = await jwtVerify(text, ({ kid }) => findKey(keys, kid), {
      algorithms: ['HS256'],
      audience: purpose,
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(now * 1000),
    })
    const { sub } = payload
    return typeof sub === 'string' ? { ...payload, sub } : null
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}

function findKey(keys: readonly SigningKey[], kid: string | undefined): CryptoKey {
  const found = keys.find((candidate) => candidate.kid === kid)
  if (found === undefined) throw new errors.JWKSNoMatchingKey()
  return found.key
}

async function importKey(secret: string): Promise<SigningKey> {
  const bytes = new TextEncoder().encode(secret)
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign', 'verify'])
  return { kid: await fingerprint(secret), key }
}

/** Six characters that tell keys apart and say nothing about them: of a hash that is used nowhere else. */
async function fingerprint(secret: string): Promise<string> {
  return toBase64Url(await sha256(`sparekey signing key ${secret}`)).slice(0, 6)
}
