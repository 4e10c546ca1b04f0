/**
 * Device cookies: a browser that has logged in to an account before may try a
 * password while strangers are slowed down (OWASP, "Slow Down Online Guessing
 * Attacks with Device Cookies"). Its own wrong passwords are counted apart, so
 * that a stolen cookie is worth no more guesses than a stranger has.
 */
import { sha256, toBase64Url } from './encoding.ts'
import type { Keyring } from './keyring.ts'

/** In seconds: a year. */
export const DEVICE_COOKIE_AGE = 365 * 24 * 3600

/** Signs that the browser called `device` knows the account of an address key. `now` in Unix seconds. */
export async function mintDeviceCookie(
  keyring: Keyring,
  addressKey: string,
  device: string,
  now: number,
): Promise<string> {
  const claims = { sub: await digest(addressKey), jti: device }
  return keyring.sign('device', claims, now + DEVICE_COOKIE_AGE)
}

/** What a browser was called when it last logged in to the account of an address key; null when it never did. */
export async function findDevice(
  keyring: Keyring,
  cookie: string | undefined,
  addressKey: string,
  now: number,
): Promise<string | null> {
  if (cookie === undefined) return null
  const claims = await keyring.verify('device', cookie, now)
  return claims?.sub === (await digest(addressKey)) ? (claims.jti ?? null) : null
}

/** The cookie lies about on shared computers, so it does not name the address. */
async function digest(addressKey: string): Promise<string> {
  return toBase64Url(await sha256(addressKey)).slice(0, 22)
}
