/**
 * Errors of the JSON API, as RFC 9457 problem details.
 */
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ErrorKind } from '../../../templates/pages/error.tsx'

/** Every way to be refused. Titles are for developers and never change with the language (RFC 9457 §3.1.3). */
export const problems = {
  'bad-request': { status: 400, title: 'The request is malformed' },
  'signed-out': { status: 401, title: 'Nobody is signed in' },
  'wrong-credentials': { status: 401, title: 'Address and password do not go together' },
  'wrong-password': { status: 401, title: 'The current password is another one' },
  forbidden: { status: 403, title: 'The request comes from another site' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'wrong-method': { status: 405, title: 'This method is not for this resource' },
  'dead-link': { status: 410, title: 'The link was used, has expired, or never was one' },
  'has-account': { status: 410, title: 'The address has an account by now' },
  'too-large': { status: 413, title: 'The body is larger than 16 KB' },
  'wrong-type': { status: 415, title: 'The body is not application/json' },
  refused: { status: 422, title: 'A value is refused' },
  'registration-closed': { status: 422, title: 'Registration is closed' },
  throttled: { status: 429, title: 'Too many requests' },
  broken: { status: 500, title: 'The service failed' },
  overloaded: { status: 503, title: 'The service is busy' },
  unavailable: { status: 503, title: 'The service is not available' },
} as const satisfies Record<string, { status: ContentfulStatusCode; title: string }> &
  Record<ErrorKind, unknown>

export type ProblemReason = keyof typeof problems

/** One refused value. */
export interface FieldError {
  field: string
  reason: string
  /** For people, in their language. */
  detail?: string
}

interface ProblemFacts {
  detail?: string
  errors?: readonly FieldError[]
  /** In seconds, for `Retry-After`. */
  retryAfter?: number | undefined
  cause?: unknown
}

/** Thrown where a request is refused; `onError` in answers.ts makes the answer of it. */
export class Problem extends Error {
  override name = 'Problem'
  readonly reason: ProblemReason
  readonly facts: ProblemFacts

  constructor(reason: ProblemReason, facts: ProblemFacts = {}) {
    super(`Request refused: ${reason}`, { cause: facts.cause })
    this.reason = reason
    this.facts = facts
  }
}
