/**
 * Where it is looked up whether a password is known: a list of common ones that
 * is part of the service, and the Pwned Passwords range API (k-anonymity: five
 * hex characters of a SHA-1 leave the house).
 */
import type { Config } from '../config.ts'
import { commonPasswords } from './common-passwords.ts'
import type { PasswordSources } from './password-policy.ts'

/** In milliseconds. Whoever is locked out does not wait longer for a third party. */
const RANGE_API_TIMEOUT = 1000

export function createPasswordSources({
  pwnedPasswords,
}: Pick<Config, 'pwnedPasswords'>): PasswordSources {
  return {
    isCommon,
    isBreached: async (password) => pwnedPasswords !== null && isPwned(pwnedPasswords, password),
  }
}

let common: ReadonlySet<string> | undefined

/** On the list, in any case; also with digits and signs around it, or written twice. */
export function isCommon(password: string): boolean {
  common ??= new Set(commonPasswords.trim().split('\n'))
  const text = password.normalize('NFKC').toLowerCase().trim()
  const core = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  return [text, core, unrepeat(text), unrepeat(core)].some((form) => common?.has(form))
}

/** What a text is a repetition of; itself when it is none. */
function unrepeat(text: string): string {
  return /^(.+?)\1+$/su.exec(text)?.[1] ?? text
}

/** Away, slow or broken means accepted: an outage elsewhere must not lock anybody out. */
async function isPwned(api: URL, password: string): Promise<boolean> {
  const hash = await sha1Hex(password.normalize('NFC'))
  try {
    const response = await fetch(new URL(hash.slice(0, 5), api), {
      headers: { 'Add-Padding': 'true' },
      signal: AbortSignal.timeout(RANGE_API_TIMEOUT),
      redirect: 'manual',
    })
    if (!response.ok) return false
    return listsSuffix(await response.text(), hash.slice(5))
  } catch {
    // Whatever the network did, the answer is the same: nobody could be asked.
    return false
  }
}

/** Padding lines have a count of 0. */
function listsSuffix(body: string, suffix: string): boolean {
  return body.split('\n').some((line) => {
    const [listed, count] = line.trim().split(':')
    return listed?.toUpperCase() === suffix && Number(count) > 0
  })
}

async function sha1Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text))
  const bytes = [...new Uint8Array(digest)]
  return bytes
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()
}
