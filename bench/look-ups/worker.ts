/** Looks accounts and sessions up as the service does, so many in one request. */
import type { D1Database } from '@cloudflare/workers-types'
import { createStore } from '../../src/store/index.ts'

/** Databases by their binding. */
type Env = Record<string, D1Database>

export interface LookUps {
  binding: string
  accounts?: readonly string[]
  sessions?: readonly string[]
  /** Unix seconds. */
  now: number
}

export default {
  /** Answers with how many it found. */
  async fetch(request: Request, env: Env): Promise<Response> {
    const { binding, accounts = [], sessions = [], now }: LookUps = await request.json()
    const db = env[binding]
    if (db === undefined) return new Response(null, { status: 404 })
    const store = createStore(db)
    let found = 0
    for (const key of accounts) if ((await store.accounts.findByAddressKey(key)) !== null) found++
    for (const hash of sessions) if ((await store.sessions.find(hash, now)) !== null) found++
    return Response.json(found)
  },
}
