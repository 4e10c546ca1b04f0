/**
 * scrypt as Werkzeug stores it: `scrypt:32768:8:1$salt$hex`.
 */
import { scrypt } from '@noble/hashes/scrypt.js'
import { equalBytes, fromHex } from '../encoding.ts'
import { type PasswordFormat, toBytes } from './format.ts'

const WERKZEUG =
  /^scrypt:([1-9]\d{0,9}):([1-9]\d{0,3}):([1-9]\d{0,3})\$([!-#%-~]{1,64})\$([0-9a-f]{128})$/

/** N × r × p: twice the work of Werkzeug's own 2^15 × 8, some half a second. */
const MOST_WORK = 2 ** 19
/** In bytes, 128 × N × r (RFC 7914 §2): half of what an isolate has. */
const MOST_MEMORY = 64 * 1024 * 1024
const HASH_LENGTH = 64

export const werkzeugScryptFormat: PasswordFormat = {
  name: 'werkzeug-scrypt',
  parse(text) {
    const [, n, blockSize, lanes, salt = '', hex = ''] = WERKZEUG.exec(text) ?? []
    const [N, r, p] = [Number(n), Number(blockSize), Number(lanes)]
    const hash = fromHex(hex)
    if (hash === null || !isAffordable(N, r, p)) return null
    const parameters = { N, r, p, dkLen: HASH_LENGTH, maxmem: 2 * MOST_MEMORY }
    return {
      isCurrent: false,
      matches: (password) => equalBytes(scrypt(toBytes(password), toBytes(salt), parameters), hash),
    }
  },
}

function isAffordable(N: number, r: number, p: number): boolean {
  const isPowerOfTwo = N >= 2 && Number.isInteger(Math.log2(N))
  return isPowerOfTwo && N * r * p <= MOST_WORK && 128 * N * r <= MOST_MEMORY
}
