/**
 * Argon2id in PHC strings: what Sparekey stores, and what other apps store with
 * other parameters (argon2-cffi, Laravel, node-argon2).
 */
import type { Argon2Parameters } from '../argon2.ts'
import { equalBytes, fromBase64, toBase64 } from '../encoding.ts'
import { type PasswordFormat, toBytes } from './format.ts'

/** OWASP Password Storage, "Argon2id": 19 MiB, two passes, one lane. */
export const ARGON2_PARAMETERS: Argon2Parameters = { memory: 19456, passes: 2, parallelism: 1 }

/**
 * Stored parameters above these are refused, not computed: a row that says
 * m=4294967295 must not take the Worker down. An isolate has 128 MB in all.
 */
const MOST: Argon2Parameters = { memory: 65536, passes: 10, parallelism: 4 }

export const argon2idFormat: PasswordFormat = {
  name: 'argon2id',
  parse(text) {
    const phc = parsePhc(text)
    if (phc === null) return null
    return {
      isCurrent: isCurrent(phc),
      matches: (password, argon2id) =>
        equalBytes(
          argon2id({ ...phc, password: toBytes(password), length: phc.hash.length }),
          phc.hash,
        ),
    }
  },
}

export interface Phc extends Argon2Parameters {
  salt: Uint8Array
  hash: Uint8Array
}

const PHC =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,9})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/

/** Reads a PHC string of Argon2id; null when it is another format or asks for more than we are willing to spend. */
export function parsePhc(text: string): Phc | null {
  const [, m, t, p, saltText = '', hashText = ''] = PHC.exec(text) ?? []
  const [memory, passes, parallelism] = [Number(m), Number(t), Number(p)]
  const salt = fromBase64(saltText)
  const hash = fromBase64(hashText)
  if (salt === null || hash === null || salt.length < 8) return null
  const affordable =
    memory <= MOST.memory && passes <= MOST.passes && parallelism <= MOST.parallelism
  // RFC 9106 §3.1: at least eight blocks of 1 KiB a lane.
  return affordable && memory >= 8 * parallelism
    ? { memory, passes, parallelism, salt, hash }
    : null
}

/** Writes what `parsePhc` reads. */
export function formatPhc({ memory, passes, parallelism, salt, hash }: Phc): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${toBase64(salt)}$${toBase64(hash)}`
}

function isCurrent({ memory, passes, parallelism }: Argon2Parameters): boolean {
  return (
    memory === ARGON2_PARAMETERS.memory &&
    passes === ARGON2_PARAMETERS.passes &&
    parallelism === ARGON2_PARAMETERS.parallelism
  )
}
