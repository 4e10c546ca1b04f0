/**
 * Password hashes: Argon2id in PHC strings, one computed at a time.
 *
 * A hash blocks the event loop for some thirty milliseconds, so whoever wants
 * one takes a turn; between two turns other requests are served.
 */
import type { Argon2id, Argon2Parameters } from './argon2.ts'
import { equalBytes, fromBase64, toBase64 } from './encoding.ts'
import type { Random } from './random.ts'
import { TurnQueue } from './turn-queue.ts'

/** OWASP Password Storage, "Argon2id": 19 MiB, two passes, one lane. */
export const ARGON2_PARAMETERS: Argon2Parameters = { memory: 19456, passes: 2, parallelism: 1 }

/** In bytes. NIST SP 800-63B-4 §3.1.1.2 asks for 32 bits of salt at least; PHC recommends 16 bytes. */
const SALT_LENGTH = 16
const HASH_LENGTH = 32

/**
 * Stored parameters above these are refused, not computed: a row that says
 * m=4294967295 must not take the Worker down. An isolate has 128 MB in all.
 */
const MOST: Argon2Parameters = { memory: 65536, passes: 10, parallelism: 4 }

export interface Passwords {
  /**
   * Waits for a turn at hashing. Throws `Overloaded` (turn-queue.ts) when too many wait already.
   *
   * @example
   * using turn = await passwords.turn()
   * const hash = turn.hash('correct horse battery staple')
   */
  turn(): Promise<PasswordTurn>
}

export interface PasswordTurn extends Disposable {
  /** Hashes a password (NFC, UTF-8) with a fresh salt, into a PHC string. */
  hash(password: string): string
  /** Costs the same for `stored` null, which is what an unknown account has. */
  verify(password: string, stored: string | null): Verdict
}

export interface Verdict {
  ok: boolean
  /** The password is right, and its hash ought to be replaced by one of today's parameters. */
  outdated: boolean
}

export function createPasswords(argon2id: Argon2id, random: Random): Passwords {
  const queue = new TurnQueue()
  return {
    async turn() {
      const leave = await queue.enter()
      return {
        hash: (password) => hashPassword(argon2id, random, password),
        verify: (password, stored) => verifyPassword(argon2id, password, stored),
        [Symbol.dispose]: leave,
      }
    },
  }
}

function hashPassword(argon2id: Argon2id, random: Random, password: string): string {
  const salt = random(SALT_LENGTH)
  const hash = argon2id({
    ...ARGON2_PARAMETERS,
    password: toBytes(password),
    salt,
    length: HASH_LENGTH,
  })
  const { memory, passes, parallelism } = ARGON2_PARAMETERS
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${toBase64(salt)}$${toBase64(hash)}`
}

function verifyPassword(argon2id: Argon2id, password: string, stored: string | null): Verdict {
  const phc = (stored === null ? null : parsePhc(stored)) ?? nobody
  const hash = argon2id({ ...phc, password: toBytes(password), length: phc.hash.length })
  const ok = equalBytes(hash, phc.hash) && phc !== nobody
  return { ok, outdated: ok && !isCurrent(phc) }
}

export interface Phc extends Argon2Parameters {
  salt: Uint8Array
  hash: Uint8Array
}

/** What an unknown account is verified against. */
const nobody: Phc = {
  ...ARGON2_PARAMETERS,
  salt: new Uint8Array(SALT_LENGTH),
  hash: new Uint8Array(HASH_LENGTH),
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

function isCurrent({ memory, passes, parallelism }: Argon2Parameters): boolean {
  return (
    memory === ARGON2_PARAMETERS.memory &&
    passes === ARGON2_PARAMETERS.passes &&
    parallelism === ARGON2_PARAMETERS.parallelism
  )
}

/** NFC, so that "é" typed on a phone and on a desk is one password (NIST SP 800-63B-4 §3.1.1.2). */
function toBytes(password: string): Uint8Array {
  return new TextEncoder().encode(password.normalize('NFC'))
}
