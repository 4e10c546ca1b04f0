/**
 * A username is what somebody is called on the page: not unique, never used to log in.
 */

/** In code points. */
export const USERNAME_MAX_LENGTH = 64

export type Username = { ok: true; name: string } | { ok: false; problem: 'missing' | 'too-long' }

export function parseUsername(input: string): Username {
  const name = input.normalize('NFC').trim()
  if (name === '') return { ok: false, problem: 'missing' }
  return Array.from(name).length > USERNAME_MAX_LENGTH
    ? { ok: false, problem: 'too-long' }
    : { ok: true, name }
}
