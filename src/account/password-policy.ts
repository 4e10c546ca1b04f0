/**
 * The password policy, the same wherever a password is chosen.
 *
 * Length and a block list, no composition rules (NIST SP 800-63B-4 §3.1.1.2,
 * OWASP Authentication, "Implement Proper Password Strength Controls").
 */

export type PasswordProblem =
  | 'missing'
  | 'too-short'
  | 'too-long'
  | 'common'
  | 'personal'
  | 'breached'

/** In code points. Longer is refused, never cut. */
export const PASSWORD_MAX_LENGTH = 256
/** In UTF-16 units: as much as that many characters may take before they are in NFC. */
const LONGEST_FORM = 8 * PASSWORD_MAX_LENGTH

export interface PasswordSources {
  /** Whether the password is on the list of common ones. */
  isCommon(password: string): boolean
  /** Whether the password is in a breach that is publicly known; false when nobody could be asked. */
  isBreached(password: string): Promise<boolean>
}

export interface PasswordContext {
  minLength: number
  /** What the person or the service is called: no password may be just that. */
  words: readonly string[]
}

/** What is wrong with a password, or null. Lengths are checked before anything that costs. */
export async function findPasswordProblem(
  password: string,
  { minLength, words }: PasswordContext,
  sources: PasswordSources,
): Promise<PasswordProblem | null> {
  if (password.length > LONGEST_FORM) return 'too-long'
  const length = countCodePoints(password.normalize('NFC'))
  if (length === 0) return 'missing'
  if (length < minLength) return 'too-short'
  if (length > PASSWORD_MAX_LENGTH) return 'too-long'
  if (isMonotonous(password) || sources.isCommon(password)) return 'common'
  if (isPersonal(password, words)) return 'personal'
  return (await sources.isBreached(password)) ? 'breached' : null
}

/**
 * Whether a text could be somebody's password at all. What is longer than any is
 * not hashed, nor is half a surrogate pair, which UTF-8 cannot tell from another.
 */
export function isPlausiblePassword(text: string): boolean {
  return text !== '' && text.length <= LONGEST_FORM && text.isWellFormed()
}

export function countCodePoints(text: string): number {
  return Array.from(text).length
}

/**
 * Words, their parts, or repetitions of them, in any case and order and with any
 * separators: what is left without them is three characters or fewer. Of digits
 * alone, which may be a year, nothing is left.
 */
function isPersonal(password: string, words: readonly string[]): boolean {
  const bare = lettersAndDigits(password)
  const parts = words.flatMap((word) => [word, ...word.split(/[^\p{L}\p{N}]+/u)])
  const known = parts.map(lettersAndDigits).filter((part) => part.length >= 3)
  const rest = known
    .sort((a, b) => b.length - a.length)
    .reduce((left, part) => left.replaceAll(part, ' '), bare)
    .replace(/[\s\d]/g, '')
  return rest.length <= 3 && known.some((part) => bare.includes(part))
}

function lettersAndDigits(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** One character or one short piece over and over, or a run along the alphabet, the digits or a keyboard row. */
function isMonotonous(password: string): boolean {
  const text = password.toLowerCase()
  if (new Set(text).size <= 3) return true
  if (/^(.{1,6}?)\1+.{0,5}$/su.test(text) && new Set(text).size <= 6) return true
  return runs.some((run) => run.repeat(4).includes(text) || reversed(run).repeat(4).includes(text))
}

const runs = [
  '0123456789',
  '1234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'qwertyuiopasdfghjklzxcvbnm',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  '1q2w3e4r5t6y7u8i9o0p',
]

function reversed(text: string): string {
  return Array.from(text).reverse().join('')
}
