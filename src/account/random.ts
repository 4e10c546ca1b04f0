/**
 * Randomness, passed in like the clock.
 */
import { toBase64Url } from './encoding.ts'

/** So many bytes from a cryptographically secure generator. */
export type Random = (length: number) => Uint8Array<ArrayBuffer>

export const secureRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length))

/** Names a row: 12 characters, 72 bits, never a row number. Links hold it, so it is short. */
export function newId(random: Random): string {
  return toBase64Url(random(9))
}

/** A bearer secret of 256 bits (ASVS 5.0 §7.2.3 asks for 128). */
export function newSecret(random: Random): string {
  return toBase64Url(random(32))
}
