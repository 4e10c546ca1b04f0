/**
 * Password hashes, one computed at a time.
 *
 * A hash blocks the event loop for some thirty milliseconds, so whoever wants
 * one takes a turn; between two turns other requests are served. Today's
 * passwords are hashed with Argon2id; what else may be stored, and is verified
 * once more before it is replaced, is in password-formats/.
 */
import type { Argon2id } from './argon2.ts'
import { ARGON2_PARAMETERS, formatPhc } from './password-formats/argon2id.ts'
import { toBytes } from './password-formats/format.ts'
import { parseStoredHash } from './password-formats/index.ts'
import type { Random } from './random.ts'
import { Crowd } from './crowd.ts'
import { type KeepAlive, TurnQueue } from './turn-queue.ts'

export { ARGON2_PARAMETERS }

/** In bytes. NIST SP 800-63B-4 §3.1.1.2 asks for 32 bits of salt at least; PHC recommends 16 bytes. */
const SALT_LENGTH = 16
const HASH_LENGTH = 32

export interface Passwords {
  /**
   * A place on the way to a turn, for work before it that costs something. Throws
   * `Overloaded` (turn-queue.ts) when too many are on their way already.
   *
   * @example
   * using _place = passwords.place()
   */
  place(): Disposable
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
  /** Costs a hash of today's parameters when `stored` is null or nothing we can read. */
  verify(password: string, stored: string | null): Promise<Verdict>
}

export interface Verdict {
  ok: boolean
  /** The password is right, and its hash ought to be replaced by one of today. */
  outdated: boolean
}

export interface PasswordTools {
  argon2id: Argon2id
  random: Random
  /** Where a platform drops what a client has hung up on, this keeps it going until its turn is over. */
  keepAlive?: KeepAlive
}

export function createPasswords({ argon2id, random, keepAlive }: PasswordTools): Passwords {
  const crowd = new Crowd(keepAlive)
  const queue = new TurnQueue(keepAlive)
  return {
    place: () => crowd.join(),
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
  const input = { password: toBytes(normalise(password)), salt, length: HASH_LENGTH }
  return formatPhc({
    ...ARGON2_PARAMETERS,
    salt,
    hash: argon2id({ ...ARGON2_PARAMETERS, ...input }),
  })
}

/** What an unknown account is verified against; nobody has a password that gives 32 zeros. */
const nobody = formatPhc({
  ...ARGON2_PARAMETERS,
  salt: new Uint8Array(SALT_LENGTH),
  hash: new Uint8Array(HASH_LENGTH),
})

/**
 * As it was typed first, since other apps hashed it so, then in NFC; for nearly
 * everybody the two are one.
 */
async function verifyPassword(
  argon2id: Argon2id,
  password: string,
  stored: string | null,
): Promise<Verdict> {
  const hash = parseStoredHash(stored ?? nobody) ?? parseStoredHash(nobody)
  const normal = normalise(password)
  for (const candidate of new Set([password, normal])) {
    if (await hash?.matches(candidate, argon2id)) {
      return { ok: true, outdated: !hash?.isCurrent || candidate !== normal }
    }
  }
  return { ok: false, outdated: false }
}

/** NFC, so that "é" typed on a phone and on a desk is one password (NIST SP 800-63B-4 §3.1.1.2). */
function normalise(password: string): string {
  return password.normalize('NFC')
}
