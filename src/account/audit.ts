/**
 * What happened to whom, from where, when: one row an event, never changed.
 *
 * Rows hold no token, no password and no full address (ASVS 5.0 §16.2.5).
 */
import type { Client } from './client.ts'

export const auditEvents = [
  'reset-asked',
  'registration-asked',
  'registered',
  'logged-in',
  'login-failed',
  'logged-out',
  'sessions-ended',
  'password-reset',
  'password-changed',
  'password-change-failed',
  'link-refused',
  'account-disabled',
  'account-enabled',
  'account-deleted',
  'account-imported',
] as const

export interface AuditEvent {
  event: (typeof auditEvents)[number]
  accountId: string | null
  /** Masked, as in `a***@example.com`; null when no address is involved. */
  address: string | null
  client: Client | null
  /** Unix seconds. */
  at: number
}

/** Keeps the first character of the local part and the domain (OWASP Email Validation, "Logging"). */
export function maskAddress(address: string): string {
  const [first = ''] = address
  const domain = address.slice(address.lastIndexOf('@') + 1)
  return `${first}***@${domain}`
}
