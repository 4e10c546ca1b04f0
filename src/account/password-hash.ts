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
import { type KeepAlive, TurnQueue } from './turn-queue.ts'

export { ARGON2_PARAMETERS }

/** In bytes. NIST SP 800-63B-4 §3.1.1.2 asks for 32 bits of salt at least; PHC recommends 16 bytes. */
const SALT_LENGTH = 16
const HASH_LENGTH = 32

/**
 * One is hashed for, the others are at the database meanwhile: enough to have the next hash always
 * ready (some 200 ms of statements), few enough that a page waits for the statements of few.
 */
const PLACES = 8
/** In milliseconds: what reading some two hundred requests takes on a slow machine. */
const RUSH = 250
/** In milliseconds: more than the statements of a log-in take, and a database that is waited for. */
const LONGEST_PLACE = 15_000

export interface Passwords {
  /**
   * Waits for a place on the way to a turn, for who is counted or looked up before it: few are at a
   * time, so that pages wait for little, and who has one gets a turn. Throws `Overloaded`
   * (turn-queue.ts) when too many wait already: before the database is asked for anything.
   *
   * @example
   * using place = await passwords.place()
   * using turn = await place.turn()
   */
  place(): Promise<PasswordPlace>
  /**
   * Waits for a turn at hashing. Throws `Overloaded` (turn-queue.ts) when too many wait already.
   *
   * @example
   * using turn = await passwords.turn()
   * const hash = turn.hash('correct horse battery staple')
   */
  turn(): Promise<PasswordTurn>
}

export interface PasswordPlace extends Disposable {
  /** Is never refused. */
  turn(): Promise<PasswordTurn>
}

export interface PasswordTurn extends Disposable {
  /** Whether others had theirs while it was waited for. */
  readonly waited: boolean
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
  const places = new TurnQueue({ keepAlive, atOnce: PLACES, longestTurn: LONGEST_PLACE })
  let came = 0
  const rush = {
    longest: RUSH,
    came: () => came,
    isOn: () => Math.max(places.size, turns.size) > 1,
  }
  const turns: TurnQueue = new TurnQueue({ keepAlive, rush })
  const turn = async (options?: { mostWaiting: number }): Promise<PasswordTurn> => {
    const waited = turns.size > 0
    const leave = await turns.enter(options)
    return {
      waited,
      hash: (password) => hashPassword(argon2id, random, password),
      verify: (password, stored) => verifyPassword(argon2id, password, stored),
      [Symbol.dispose]: leave,
    }
  }
  return {
    turn() {
      came += 1
      return turn()
    },
    async place() {
      came += 1
      const leave = await places.enter()
      return { turn: () => turn({ mostWaiting: Infinity }), [Symbol.dispose]: leave }
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
