/**
 * PBKDF2 as Werkzeug and Django store it.
 *
 * Cloudflare's own function refuses more than 100,000 iterations, though workerd
 * on a developer's machine does not: above that a library does the work.
 */
import { sha1 } from '@noble/hashes/legacy.js'
import { pbkdf2 } from '@noble/hashes/pbkdf2.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { equalBytes, fromBase64, fromHex } from '../encoding.ts'
import { type PasswordFormat, type StoredHash, toBytes } from './format.ts'

/** `most` iterations are five to seven seconds on workerd; Django 6.0 asks for 1,200,000 of SHA-256, Werkzeug 3.1 for 1,000,000 of any. */
const digests = {
  sha1: { hash: sha1, subtle: 'SHA-1', length: 20, most: 1_500_000 },
  sha256: { hash: sha256, subtle: 'SHA-256', length: 32, most: 1_500_000 },
  sha512: { hash: sha512, subtle: 'SHA-512', length: 64, most: 1_000_000 },
} as const

type DigestName = keyof typeof digests

/** https://developers.cloudflare.com/workers/runtime-apis/web-crypto/, "PBKDF2": no local test can show it. */
const EDGE_MOST_ITERATIONS = 100_000

/** `pbkdf2:sha256:260000$salt$hex`. */
const WERKZEUG =
  /^pbkdf2:(sha1|sha256|sha512):([1-9]\d{0,7})\$([!-#%-~]{1,64})\$([0-9a-f]{40,128})$/

export const werkzeugPbkdf2Format: PasswordFormat = {
  name: 'werkzeug-pbkdf2',
  parse(text) {
    const [, digest = '', iterations, salt = '', hex = ''] = WERKZEUG.exec(text) ?? []
    return toStoredHash(digest, Number(iterations), salt, fromHex(hex))
  },
}

/** `pbkdf2_sha256$260000$salt$base64`, padded. */
const DJANGO = /^pbkdf2_(sha1|sha256)\$([1-9]\d{0,7})\$([!-#%-~]{1,64})\$([A-Za-z0-9+/]{27,43})=$/

export const djangoPbkdf2Format: PasswordFormat = {
  name: 'django-pbkdf2',
  parse(text) {
    const [, digest = '', iterations, salt = '', base64 = ''] = DJANGO.exec(text) ?? []
    return toStoredHash(digest, Number(iterations), salt, fromBase64(base64))
  },
}

function toStoredHash(
  digest: string,
  iterations: number,
  salt: string,
  hash: Uint8Array | null,
): StoredHash | null {
  if (!isDigest(digest) || hash === null) return null
  const { length, most } = digests[digest]
  if (hash.length !== length || iterations > most) return null
  return {
    isCurrent: false,
    matches: async (password) =>
      equalBytes(await derive(digest, iterations, toBytes(salt), toBytes(password)), hash),
  }
}

function isDigest(text: string): text is DigestName {
  return Object.hasOwn(digests, text)
}

async function derive(
  digest: DigestName,
  iterations: number,
  salt: Uint8Array<ArrayBuffer>,
  password: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const { hash, subtle, length } = digests[digest]
  if (iterations > EDGE_MOST_ITERATIONS) {
    return pbkdf2(hash, password, salt, { c: iterations, dkLen: length })
  }
  const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits'])
  const algorithm = { name: 'PBKDF2', hash: subtle, salt, iterations }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 8 * length))
}
