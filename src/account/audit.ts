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
  'throttled',
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

/**
 * In seconds: a year. Long enough to look into what somebody finds out late, and
 * no longer, since a network address is personal data.
 */
export const AUDIT_KEPT = 365 * 24 * 3600

/** Keeps the first character of the local part and the domain (OWASP Email Validation, "Logging"). */
export function maskAddress(address: string): string {
  const [first = ''] = address
  const at = address.lastIndexOf('@')
  const domain = at === -1 ? '' : address.slice(at + 1)
  return `${first}***@${domain}`
}
