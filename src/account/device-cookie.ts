/**
 * Device cookies: a browser that has logged in to an account before may try a
 * password while strangers are slowed down (OWASP, "Slow Down Online Guessing
 * Attacks with Device Cookies").
 */
import { sha256, toBase64Url } from './encoding.ts'
import type { Keyring } from './keyring.ts'

/** In seconds: a year. */
export const DEVICE_COOKIE_AGE = 365 * 24 * 3600

/** Signs that this browser knows the account of an address key. `now` in Unix seconds. */
export async function mintDeviceCookie(keyring: Keyring, addressKey: string, now: number) {
  return keyring.sign('device', { sub: await digest(addressKey) }, now + DEVICE_COOKIE_AGE)
}

export async function isKnownDevice(
  keyring: Keyring,
  cookie: string | undefined,
  addressKey: string,
  now: number,
): Promise<boolean> {
  if (cookie === undefined) return false
  const claims = await keyring.verify('device', cookie, now)
  return claims?.sub === (await digest(addressKey))
}

/** The cookie lies about on shared computers, so it does not name the address. */
async function digest(addressKey: string): Promise<string> {
  return toBase64Url(await sha256(addressKey)).slice(0, 22)
}
