/**
 * The three cookies: who is signed in, which accounts this browser knows, and
 * which language was chosen on a page.
 */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { CookieOptions } from 'hono/utils/cookie'
import { DEVICE_COOKIE_AGE } from '../account/device-cookie.ts'
import { SESSION_ABSOLUTE } from '../account/session.ts'

const SESSION = '__Host-session'
const DEVICE = '__Host-device'
const LANGUAGE = '__Host-language'

/** `__Host-` asks for Secure, no Domain, and this path (RFC 6265bis §4.1.3.2). */
const flags = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } satisfies CookieOptions

export function readSessionCookie(c: Context): string | undefined {
  return getCookie(c, SESSION)
}

export function setSessionCookie(c: Context, secret: string): void {
  setCookie(c, SESSION, secret, { ...flags, maxAge: SESSION_ABSOLUTE })
}

export function clearSessionCookie(c: Context): void {
  deleteCookie(c, SESSION, flags)
}

export function readDeviceCookie(c: Context): string | undefined {
  return getCookie(c, DEVICE)
}

export function setDeviceCookie(c: Context, cookie: string): void {
  // Browsers cap a cookie's age at 400 days (RFC 6265bis §5.5).
  setCookie(c, DEVICE, cookie, { ...flags, maxAge: DEVICE_COOKIE_AGE })
}

export function readLanguageCookie(c: Context): string | undefined {
  return getCookie(c, LANGUAGE)
}

export function setLanguageCookie(c: Context, language: string): void {
  setCookie(c, LANGUAGE, language, { ...flags, maxAge: DEVICE_COOKIE_AGE })
}
