/**
 * Link tokens: what a mailed link carries.
 *
 * They are minted when the mail is sent and stored nowhere. A reset token names
 * the account's credential version, so that it dies with the next change; a
 * register token names the outbox row that holds the address.
 */
import type { Keyring } from './keyring.ts'

export type LinkToken = ResetToken | RegisterToken

export interface ResetToken {
  purpose: 'reset'
  account: string
  credentialVersion: number
}

export interface RegisterToken {
  purpose: 'register'
  /** The outbox row that holds the address. */
  registration: string
}

/**
 * Mints a token under 200 characters of `[A-Za-z0-9_.-]`, since mail clients
 * cut long links. `expiresAt` in Unix seconds.
 */
export function mintLinkToken(keyring: Keyring, token: LinkToken, expiresAt: number) {
  const claims =
    token.purpose === 'reset'
      ? { sub: token.account, cv: token.credentialVersion }
      : { sub: token.registration }
  return keyring.sign(token.purpose, claims, expiresAt)
}

/** Null for whatever is not a reset token of ours that is still good at `now` (Unix seconds). */
export async function verifyResetToken(
  keyring: Keyring,
  text: string,
  now: number,
): Promise<ResetToken | null> {
  const claims = await keyring.verify('reset', text, now)
  const version = claims?.['cv']
  if (claims === null || typeof version !== 'number') return null
  return { purpose: 'reset', account: claims.sub, credentialVersion: version }
}

/** Null for whatever is not a register token of ours that is still good at `now` (Unix seconds). */
export async function verifyRegisterToken(
  keyring: Keyring,
  text: string,
  now: number,
): Promise<RegisterToken | null> {
  const claims = await keyring.verify('register', text, now)
  return claims && { purpose: 'register', registration: claims.sub }
}
