/**
 * The third composition root: the service as it is deployed, but for a clock
 * that a test can set and a place where a log-in can be held. It is never part
 * of what is deployed; `test/deployed-bundle.test.ts` proves it.
 */
import { createWorker, type Env } from '../src/worker.ts'
import type { Passwords } from '../src/account/password-hash.ts'
import type { Platform } from '../src/service.ts'

/** In seconds, ahead of the real time. */
let ahead = 0
/** Whether whoever has hashed waits until it is let go. */
let holding = false
let held = 0

const worker = createWorker((platform) => ({
  ...platform,
  clock: () => platform.clock() + ahead,
  passwords: holdable(platform.passwords),
}))

export default {
  ...worker,
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    if (!pathname.startsWith('/test-door/')) return worker.fetch(request, env)
    if (pathname === '/test-door/clock') ahead = Number(searchParams.get('ahead'))
    if (pathname === '/test-door/hold') holding = searchParams.get('holding') === 'true'
    return Response.json({ ahead, holding, held })
  },
}

/** A verified password that is held here has not led to a session yet. */
function holdable(passwords: Passwords): Passwords {
  return {
    async turn() {
      const turn = await passwords.turn()
      return {
        hash: (password) => turn.hash(password),
        verify: (password, stored) => turn.verify(password, stored),
        [Symbol.dispose]: () => turn[Symbol.dispose](),
      }
    },
  }
}

export type { Platform }
