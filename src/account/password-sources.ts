/**
 * Where it is looked up whether a password is known: the Pwned Passwords range
 * API (k-anonymity: five hex characters of a SHA-1 leave the house).
 */
import type { Config } from '../config.ts'
import type { PasswordSources } from './password-policy.ts'

/** In milliseconds. Whoever is locked out does not wait longer for a third party. */
const RANGE_API_TIMEOUT = 1000

export function createPasswordSources({ pwnedPasswords }: Config): PasswordSources {
  return {
    isCommon: () => false,
    isBreached: async (password) => pwnedPasswords !== null && isPwned(pwnedPasswords, password),
  }
}

/** Away, slow or broken means accepted: an outage elsewhere must not lock anybody out. */
async function isPwned(api: URL, password: string): Promise<boolean> {
  const hash = await sha1Hex(password)
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
