/**
 * Nor does what stands beside an answer tell who has an account: other pages right
 * after an ask, and accounts whose hashes are all of today, or of several kinds.
 * Statistics of this length are for FULL.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { hashSync } from 'bcryptjs'
import { test } from 'vitest'
import { createPasswords } from '../../src/account/password-hash.ts'
import { secureRandom } from '../../src/account/random.ts'
import { argon2id } from '../account/argon2id.ts'
import { type App, startApp } from '../app.ts'
import { untilRecorded } from '../journeys/steps.ts'
import { doors } from './doors.ts'
import { addAccounts, password } from './people.ts'
import { addAddresses, expectAlike, timed, timeKinds } from './timing.ts'
import { useApp } from '../use-app.ts'
import { full } from '../full.ts'

/** In milliseconds: three runs on a busy machine. */
const timeout = 600_000

let app: App

useApp(startApp, (started) => ({ app } = started))

const [[, forms]] = doors

test.runIf(full).each([0, 12, 25])(
  'twelve pages %i milliseconds after an ask take as long',
  { timeout },
  async (after) => {
    const run = async () =>
      timeKinds(await addAddresses(app, 60, { known: {} }), async (address) => {
        await forms.ask(app.visitor(), address)
        await pause(after)
        const started = performance.now()
        for (let page = 0; page < 12; page++) await app.visitor().get('/login')
        const took = performance.now() - started
        await untilRecorded(app)
        return took
      })
    await expectAlike(run, { medians: false })
  },
)

test.runIf(full).each(doors)(
  'a wrong password by %s takes as long when the accounts have hashes of today',
  { timeout },
  async (_by, door) => {
    using turn = await createPasswords({ argon2id, random: secureRandom }).turn()
    const known = { hash: turn.hash(password) }
    await app.db.prepare(`DELETE FROM account`).run()
    const run = async () =>
      timeKinds(await addAddresses(app, 100, { known }), (address) =>
        timed(() => door.logIn(app.visitor(), address, 'not the password'), 'refused'),
      )
    await expectAlike(run, { medians: false })
  },
)

test.runIf(full)(
  'a wrong password takes as long when the accounts have hashes of several kinds',
  { timeout },
  async () => {
    const costly = hashSync(password, 9)
    await app.db.prepare(`DELETE FROM account`).run()
    const run = async () => {
      const addresses = await addAddresses(app, 100, {})
      const [dear, cheap] = [
        await addAccounts(app, 50, { hash: costly }),
        await addAccounts(app, 50),
      ]
      return timeKinds({ ...addresses, known: [...dear, ...cheap] }, (address) =>
        timed(() => forms.logIn(app.visitor(), address, 'not the password'), 'refused'),
      )
    }
    await expectAlike(run, { medians: false })
  },
)
