/** A reset link as another app has mailed it. */
import { createHmac } from 'node:crypto'

/** What that app signed with. */
export const oldSecretKey = 'what the other app signed with'

/** Settings under which its links work, today and tomorrow. */
export function takeOldLinks(): Record<string, string> {
  const tomorrow = new Date(Date.now() + 24 * 3600 * 1000).toISOString().slice(0, 10)
  return { LEGACY_SECRET_KEY: oldSecretKey, LEGACY_UNTIL: tomorrow }
}

/** What `jwt.encode({'reset_password': id, 'exp': time() + lifetime}, key, 'HS256')` makes, at the same path. */
export function oldLink(id: number, { key = oldSecretKey, lifetime = 600 } = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { reset_password: id, exp: Date.now() / 1000 + lifetime }
  const signed = `${part({ typ: 'JWT', alg: 'HS256' })}.${part(claims)}`
  return `/reset_password/${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
}
