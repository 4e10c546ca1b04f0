/**
 * The three cookies: who is signed in, which accounts this browser knows, and
 * which language was chosen on a page. An app around us may have some of these
 * names itself: `COOKIE_PREFIX` keeps them apart.
 */
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { type CookieOptions, parse } from 'hono/utils/cookie'
import { DEVICE_COOKIE_AGE } from '../account/device-cookie.ts'
import { SESSION_ABSOLUTE } from '../account/session.ts'
import type { Config } from '../config.ts'
import type { AppContext } from './context.ts'

type Cookie = 'session' | 'device' | 'language'

type CookieConfig = Pick<Config, 'cookiePrefix'>

/** `__Host-` asks for Secure, no Domain, and this path (RFC 6265bis §4.1.3.2). */
const flags = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } satisfies CookieOptions

/** Of a request that may be an app's around us. */
export function readSessionCookie(request: Request, config: CookieConfig): string | undefined {
  const name = cookieName('session', config)
  return parse(request.headers.get('Cookie') ?? '', name)[name]
}

export function setSessionCookie(c: AppContext, secret: string): void {
  setCookie(c, nameFor(c, 'session'), secret, { ...flags, maxAge: SESSION_ABSOLUTE })
}

export function clearSessionCookie(c: AppContext): void {
  deleteCookie(c, nameFor(c, 'session'), flags)
}

export function readDeviceCookie(c: AppContext): string | undefined {
  return getCookie(c, nameFor(c, 'device'))
}

export function setDeviceCookie(c: AppContext, cookie: string): void {
  // Browsers cap a cookie's age at 400 days (RFC 6265bis §5.5).
  setCookie(c, nameFor(c, 'device'), cookie, { ...flags, maxAge: DEVICE_COOKIE_AGE })
}

export function readLanguageCookie(c: AppContext): string | undefined {
  return getCookie(c, nameFor(c, 'language'))
}

export function setLanguageCookie(c: AppContext, language: string): void {
  setCookie(c, nameFor(c, 'language'), language, { ...flags, maxAge: DEVICE_COOKIE_AGE })
}

function nameFor(c: AppContext, cookie: Cookie): string {
  return cookieName(cookie, c.get('services').config)
}

export function cookieName(cookie: Cookie, { cookiePrefix }: CookieConfig): string {
  return `__Host-${cookiePrefix}${cookie}`
}
