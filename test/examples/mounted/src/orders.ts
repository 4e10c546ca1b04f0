/** A page of the shop for whoever is signed in, on either platform. */
import type { Context } from 'hono'
import { setCookie } from 'hono/cookie'
import type { Service } from 'sparekey'

export async function showOrders(c: Context, accounts: Service) {
  // The shop's own cookie has the name that Sparekey's would have without COOKIE_PREFIX.
  setCookie(c, 'session', 'basket-7', { prefix: 'host' })
  const signedIn = await accounts.sessionOf(c.req.raw)
  return signedIn === null ? c.redirect('/auth/login', 303) : c.json(signedIn)
}
