/**
 * Every format of password hash that may stand in the database. What is not
 * Argon2id with today's parameters came from another app, or from an earlier
 * version, and is replaced when its owner logs in.
 */
import { argon2idFormat } from './argon2id.ts'
import { bcryptFormat } from './bcrypt.ts'
import type { PasswordFormat, StoredHash } from './format.ts'
import { djangoPbkdf2Format, werkzeugPbkdf2Format } from './pbkdf2.ts'
import { werkzeugScryptFormat } from './scrypt.ts'

const formats: readonly PasswordFormat[] = [
  argon2idFormat,
  bcryptFormat,
  werkzeugPbkdf2Format,
  werkzeugScryptFormat,
  djangoPbkdf2Format,
]

/** In characters; longer than any hash of these formats. */
const HASH_MAX = 256

/** Reads a stored hash of whatever format; null when none knows it, or its parameters are hostile. */
export function parseStoredHash(text: string): StoredHash | null {
  return recognise(text)?.hash ?? null
}

/**
 * What a hash that comes from elsewhere is called; null when nobody could ever log in with it.
 *
 * @example
 * nameOfFormat('pbkdf2:sha256:260000$salt$…') // 'werkzeug-pbkdf2'
 */
export function nameOfFormat(text: string): string | null {
  return recognise(text)?.name ?? null
}

function recognise(text: string): { name: string; hash: StoredHash } | null {
  if (text.length > HASH_MAX) return null
  for (const format of formats) {
    const hash = format.parse(text)
    if (hash !== null) return { name: format.name, hash }
  }
  return null
}
