/**
 * What a format of stored password hashes is: something that recognises its own
 * text, says what it would cost, and refuses what nobody should pay for.
 */
import type { Argon2id } from '../argon2.ts'

export interface PasswordFormat {
  readonly name: string
  /** Null when the text is of another format, or asks for more work than is safe to do. */
  parse(text: string): StoredHash | null
}

export interface StoredHash {
  /** Whether it is what a password is hashed to today. */
  readonly isCurrent: boolean
  /** In a time that does not depend on whether the password is right. */
  matches(password: string, argon2id: Argon2id): boolean | Promise<boolean>
}

export function toBytes(password: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(password)
}
