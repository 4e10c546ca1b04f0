/**
 * The third composition root: the service as it is deployed, but for a clock
 * that a test can set, a mail server that is given up on sooner, and a place
 * where a password that was verified can be held. It is never part of what is
 * deployed; `test/deployed-bundle.test.ts` proves it.
 */
import type { Passwords } from '../src/account/password-hash.ts'
import type { Config } from '../src/config.ts'
import { createSmtpTransport, type Transport } from '../src/mail/smtp/transport.ts'
import { createWorker, type Env } from '../src/worker.ts'

const door = {
  /** Of the clock, in seconds before the real time. */
  ahead: 0,
  /** Of the mail server's deadline, in milliseconds; 0 leaves it as it is. */
  patience: 0,
  /** Whether whoever has verified a password is held. */
  holding: false,
  /** How many are held. */
  held: 0,
}

const worker = createWorker((platform) => ({
  ...platform,
  clock: () => platform.clock() + door.ahead,
  passwords: holdable(platform.passwords),
  transport: impatient(platform.config),
}))

export default {
  ...worker,
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname !== '/test-door') return worker.fetch(request, env)
    if (searchParams.has('ahead')) door.ahead = Number(searchParams.get('ahead'))
    if (searchParams.has('patience')) door.patience = Number(searchParams.get('patience'))
    if (searchParams.has('holding')) door.holding = searchParams.get('holding') === 'true'
    return Response.json(door)
  },
}

/** Holds whoever leaves the queue, after the hash and before what follows from it. */
function holdable(passwords: Passwords): Passwords {
  return {
    async turn() {
      const turn = await passwords.turn()
      return {
        hash: (password) => turn.hash(password),
        verify: async (password, stored) => turn.verify(password, stored),
        [Symbol.dispose]: () => turn[Symbol.dispose](),
      }
    },
  }
}

function impatient(config: Config): Transport {
  const usual = createSmtpTransport(config.mail)
  return {
    connect() {
      const { patience } = door
      if (patience === 0) return usual.connect()
      const deadlines = {
        opening: patience,
        message: patience,
        dialogue: 2 * patience,
        closing: 100,
      }
      return createSmtpTransport(config.mail, { deadlines }).connect()
    },
  }
}
