import type { SMTPServerAuthentication } from 'smtp-server'

/** What a client shows for a user's password. */
export type PasswordProof = Pick<
  SMTPServerAuthentication,
  'method' | 'password' | 'validatePassword'
>

/** smtp-server checks the challenge of CRAM-MD5 itself; a bearer token (XOAUTH2) is not a password and passes. */
export function proves({ method, password, validatePassword }: PasswordProof, expected: string) {
  if (method === 'XOAUTH2') return true
  return method === 'CRAM-MD5' ? validatePassword(expected) : password === expected
}
