/**
 * Links that the app which an account comes from has mailed: verified until they
 * expire, never minted.
 *
 * The same key signs other things in such apps, so each of the three kinds pins
 * its algorithm and takes exactly the payload that a reset link has. What a link
 * names is the other app's id, which only an imported account has.
 */
import { compactVerify, errors } from 'jose'
import { equalBytes, fromBase64 } from './encoding.ts'

export interface LegacyLinks {
  secretKey: string
  /** Unix seconds; from then on none works. */
  until: number
  /** What sets reset links of `URLSafeTimedSerializer` apart from all else that the key signs. */
  salt: string
  /** How long a link of `URLSafeTimedSerializer` works, in seconds: it does not say so itself. */
  maxAge: number
}

/** Twice what a link with a UUID in it takes; what is longer is not looked at. */
const TOKEN_MAX = 512

/**
 * The other app's id of whoever a link was mailed to; null for expired, forged
 * and foreign alike. `now` in Unix seconds.
 *
 * @example
 * await verifyLegacyLink(links, 'eyJhbGciOiJIUzUxMiIsImlhdCI6…', 1588442600) // '1'
 */
export async function verifyLegacyLink(
  links: LegacyLinks,
  text: string,
  now: number,
): Promise<string | null> {
  if (now >= links.until || text.length > TOKEN_MAX) return null
  return (
    (await verifyTimedJws(links, text, now)) ??
    (await verifyPyJwt(links, text, now)) ??
    (await verifyUrlSafeTimed(links, text, now))
  )
}

/**
 * `TimedJSONWebSignatureSerializer` of itsdangerous before 2.1: a JWS whose
 * times are in its header. It is good in the second of its `exp`, not after.
 *
 * https://github.com/pallets/itsdangerous/blob/1.1.0/src/itsdangerous/jws.py
 */
async function verifyTimedJws({ secretKey }: LegacyLinks, text: string, now: number) {
  const { header, payload } = (await verifyJws(text, secretKey, 'HS512')) ?? {}
  if (!hasExactly(header, ['alg', 'iat', 'exp']) || !hasExactly(payload, ['user_id'])) return null
  const { iat, exp } = header
  return Number.isInteger(iat) && typeof exp === 'number' && now <= exp
    ? toLegacyId(payload.user_id)
    : null
}

/** `jwt.encode({'reset_password': id, 'exp': time() + 600}, key, 'HS256')`; `exp` as RFC 7519 §4.1.4 has it. */
async function verifyPyJwt({ secretKey }: LegacyLinks, text: string, now: number) {
  const { payload } = (await verifyJws(text, secretKey, 'HS256')) ?? {}
  if (!hasExactly(payload, ['reset_password', 'exp'])) return null
  const { reset_password: id, exp } = payload
  return typeof exp === 'number' && now < exp ? toLegacyId(id) : null
}

async function verifyJws(text: string, secret: string, algorithm: 'HS256' | 'HS512') {
  try {
    const jws = await compactVerify(text, toBytes(secret), { algorithms: [algorithm] })
    return { header: jws.protectedHeader, payload: parseJson(jws.payload) }
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}

/**
 * `URLSafeTimedSerializer` of itsdangerous: payload, time of signing and
 * HMAC-SHA-1, with dots between them. A payload this short is never compressed.
 *
 * https://itsdangerous.palletsprojects.com/en/stable/concepts/
 */
async function verifyUrlSafeTimed(links: LegacyLinks, text: string, now: number) {
  const [, signed = '', payload = '', time = '', mac = ''] = URL_SAFE_TIMED.exec(text) ?? []
  const [signature, timeBytes, bytes] = [mac, time, payload].map(fromBase64Url)
  if (!signature || !timeBytes || !bytes) return null
  if (!equalBytes(signature, await signAsItsdangerous(links, signed))) return null
  const age = now - timeBytes.reduce((sum, byte) => sum * 256 + byte, 0)
  return age >= 0 && age <= links.maxAge ? readUrlSafePayload(parseJson(bytes), links) : null
}

const URL_SAFE_TIMED = /^(([\w-]+)\.([\w-]{1,8}))\.([\w-]{27})$/

/** What itsdangerous salts with when nobody says. */
export const DEFAULT_SALT = 'itsdangerous'

/** An id alone does not say what it is for: then a salt of its own has to. */
function readUrlSafePayload(payload: unknown, { salt }: LegacyLinks): string | null {
  if (hasExactly(payload, ['user_id'])) return toLegacyId(payload.user_id)
  return salt === DEFAULT_SALT ? null : toLegacyId(payload)
}

/** The key is derived by "django-concat", which is what itsdangerous does unless told otherwise. */
async function signAsItsdangerous({ secretKey, salt }: LegacyLinks, signed: string) {
  const derived = await crypto.subtle.digest('SHA-1', toBytes(`${salt}signer${secretKey}`))
  const algorithm = { name: 'HMAC', hash: 'SHA-1' }
  const key = await crypto.subtle.importKey('raw', derived, algorithm, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, toBytes(signed)))
}

/** Row numbers and UUIDs, as the importer writes them. */
function toLegacyId(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value
  return Number.isSafeInteger(value) ? String(value) : null
}

function hasExactly<const Key extends string>(
  value: unknown,
  keys: readonly Key[],
): value is Record<Key, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key))
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    // Rightly signed, but not JSON: something else that the key was used for.
    return undefined
  }
}

function fromBase64Url(text: string): Uint8Array | null {
  return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'))
}

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
