/**
 * A username is what somebody is called on the page: not unique, never used to log in.
 */

/** In code points. */
export const USERNAME_MAX_LENGTH = 64

export type Username = { ok: true; name: string } | { ok: false; problem: 'missing' | 'too-long' }

/** A name shows something: spaces and invisible characters alone are none. */
export function parseUsername(input: string): Username {
  const name = input.normalize('NFC').trim()
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(name)) return { ok: false, problem: 'missing' }
  return Array.from(name).length > USERNAME_MAX_LENGTH
    ? { ok: false, problem: 'too-long' }
    : { ok: true, name }
}
