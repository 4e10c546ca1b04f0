/**
 * Refusals that are not about a field: thrown where they are noticed, turned
 * into a page (or a problem document) in one place.
 */
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ErrorKind } from '../../templates/pages/error.tsx'

const statuses = {
  'bad-request': 400,
  'signed-out': 401,
  forbidden: 403,
  'not-found': 404,
  'too-large': 413,
  'wrong-type': 415,
  throttled: 429,
  broken: 500,
  overloaded: 503,
  unavailable: 503,
} as const satisfies Record<ErrorKind, ContentfulStatusCode>

export class Refusal extends Error {
  override name = 'Refusal'
  readonly kind: ErrorKind
  /** In seconds, for `Retry-After`. */
  readonly retryAfter: number | undefined

  constructor(kind: ErrorKind, options: { retryAfter?: number; cause?: unknown } = {}) {
    super(`Request refused: ${kind}`, { cause: options.cause })
    this.kind = kind
    this.retryAfter = options.retryAfter
  }

  get status(): (typeof statuses)[ErrorKind] {
    return statuses[this.kind]
  }
}
