/**
 * The three ways to come to the JSON API: as nobody, with a bearer token, and
 * with the cookie of a browser that is on a page of ours.
 */
import type { MailServer } from '../../../harness/index.ts'
import type { RunningApp } from '../../app.ts'
import { givePerson, giveSession, type Person } from '../../person.ts'
import { ApiClient, type JsonAnswer } from './client.ts'

export const waysToCome = ['as nobody', 'by bearer token', 'by cookie'] as const

export type WayToCome = (typeof waysToCome)[number]

export interface Caller {
  way: WayToCome
  /** Who has an account, though they may come as nobody. */
  person: () => Promise<Person>
  /** Signed in, unless they come as nobody: again, when the last answer has ended the session. */
  send: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<JsonAnswer>
}

/** Somebody whose account is made when it is first asked for. */
export function createCaller(way: WayToCome, app: RunningApp, mail: MailServer): Caller {
  const api = new ApiClient(app)
  let given: Promise<Person> | undefined
  const person = () => (given ??= givePerson(app, mail))
  let session: Record<string, string> | undefined
  const signIn = async () => {
    if (way === 'as nobody') return {}
    const { address } = await person()
    return present(way, await giveSession(app, address))
  }
  return {
    way,
    person,
    async send(method, path, body, headers) {
      session ??= await signIn()
      const answer = await api.send(method, path, body, { headers: { ...session, ...headers } })
      if (method === 'DELETE' && answer.status === 204) session = undefined
      return answer
    },
  }
}

function present(way: Exclude<WayToCome, 'as nobody'>, token: string): Record<string, string> {
  return way === 'by cookie'
    ? { Cookie: `__Host-session=${token}`, 'Sec-Fetch-Site': 'same-origin' }
    : { Authorization: `Bearer ${token}` }
}
