/**
 * What a request says in confidence: the value of every field, cookie and
 * parameter, whatever it looks like. None of it may stand in what we write down.
 */
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { AppContext } from './context.ts'

/** Called by whatever reads a body. */
export function confide(c: Context, values: Iterable<string>): void {
  c.set('confided', [...values])
}

/** For `withoutSecrets`. */
export function confidedBy(c: AppContext): string[] {
  const credential = c.req.header('Authorization')?.replace(/^\S+ +/, '')
  return [
    ...(c.var.confided ?? []),
    ...Object.values(c.req.param()),
    ...Object.values(c.req.query()),
    ...Object.values(getCookie(c)),
    ...(credential === undefined ? [] : [credential]),
  ]
}
