/**
 * Who a request comes from: the same question for the JSON API and for an app
 * around us, which has a request and no context of ours.
 */
import type { Services, Session } from '../account/services.ts'
import { findSession } from '../account/session.ts'
import { readSessionCookie } from './cookies.ts'

/** By a bearer token or else by the cookie; null when nobody is signed in. */
export function sessionOf(services: Services, request: Request): Promise<Session | null> {
  const secret = bearerOf(request) ?? readSessionCookie(request, services.config)
  return findSession(services, secret)
}

/** RFC 6750 §2.1; undefined when the request has none, and only then its cookies count. */
export function bearerOf({ headers }: Request): string | undefined {
  const match = /^Bearer(?: +(.*))?$/i.exec(headers.get('Authorization') ?? '')
  return match === null ? undefined : (match[1] ?? '')
}

/** What an app around us is told of whoever is signed in. */
export interface SignedIn {
  /** As the account page and `GET /api/v1/account/sessions` name it; no secret. */
  sessionId: string
  account: {
    /** Never changes: what an app keeps its own records by. */
    id: string
    address: string
    /** What they want to be called; others may be called the same. */
    username: string
    /** Whether they have opened a mailed link: false for an imported account that has not yet. */
    proven: boolean
  }
  /** Unix seconds. */
  createdAt: number
  /** Unix seconds, to the hour. */
  lastSeenAt: number
}

export function toSignedIn({ id, account, createdAt, lastSeenAt }: Session): SignedIn {
  const { address, username, provenAt } = account
  return {
    sessionId: id,
    account: { id: account.id, address, username, proven: provenAt !== null },
    ...{ createdAt, lastSeenAt },
  }
}
