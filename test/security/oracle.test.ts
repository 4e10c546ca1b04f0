/**
 * Nobody learns whether an address has an account from the time that an answer
 * takes (OWASP Forgot Password; ASVS 5.0 §6.3.8), on either runtime, by form or
 * by JSON. That no answer and no work behind it tells is in same-answer.test.ts;
 * that neither other pages nor other hashes tell is in oracle-aside.test.ts, and that a
 * broken mail server makes no difference, in oracle-mail-server.test.ts.
 *
 * Without FULL it is one row of the table, with fewer addresses and a larger leak.
 */
import { describe, test } from 'vitest'
import type { RunningApp } from '../app.ts'
import { runtimes } from '../journeys/runtimes.ts'
import { useApp } from '../use-app.ts'
import type { Answer, Visitor } from '../visitor.ts'
import { newNetwork, setRuns, times } from './attackers.ts'
import { doors } from './doors.ts'
import { type Kind, newAddress } from './people.ts'
import { addAddresses, expectAlike, expectToldApart, timed, timeKinds } from './timing.ts'
import { full } from '../full.ts'

/** Of each kind. */
const count = full ? 200 : 25
/** In milliseconds. Two is the figure to reach; beside other tests on a busy machine more is needed to be sure. */
const planted = full ? 2 : 25
/** In milliseconds: three runs on a busy machine. */
const timeout = full ? 600_000 : 120_000

type Send = (from: Visitor, email: string) => Promise<Answer>
type Row = [name: string, outcome: string, send: Send]

const rowsBy = ([by, door]: (typeof doors)[number]): Row[] => [
  [`an ask for a link by ${by}`, 'taken', (from, email) => door.ask(from, email)],
  [`a wrong password by ${by}`, 'refused', (from, email) => door.logIn(from, email, 'not it')],
  [`a registration by ${by}`, 'taken', (from, email) => door.register(from, email)],
]
const rows = doors.flatMap(rowsBy)

/** On Deno, the two whose work differs most: the same functions answer there. */
function rowsOn(runtime: string): Row[] {
  if (!full) return rows.slice(0, 1)
  return runtime === 'workerd' ? rows : doors.flatMap((door) => rowsBy(door).slice(0, 2))
}

const kinds: Record<string, Kind> = full
  ? { known: {}, unproven: { proven: false } }
  : { known: {} }

describe.each(full ? runtimes : runtimes.slice(0, 1))('on %s', (runtime, startApp) => {
  let app: RunningApp

  useApp(startApp, (started) => ({ app } = started))

  const timeOnce =
    (wanted: Record<string, Kind>, [, outcome, send]: Row) =>
    async () =>
      timeKinds(await addAddresses(app, count, wanted), (address) =>
        timed(() => send(app.visitor(), address), outcome),
      )

  test.each(rowsOn(runtime))(
    '%s takes as long for every kind of address',
    { timeout },
    async (...row) => {
      await expectAlike(timeOnce(kinds, row), { medians: full })
    },
  )

  test.each(rowsOn(runtime).filter(([name]) => name.startsWith('an ask')))(
    `the control: ${planted} milliseconds more for a known address are caught, of %s`,
    { timeout },
    async (...row) => {
      await app.leak(planted)
      await expectToldApart(timeOnce({ known: {} }, row))
      await app.leak(0)
    },
  )

  const throttledOn = full && runtime === 'workerd'

  test.each(throttledOn ? rows : [])(
    '%s too many is turned away as fast for every kind of address',
    { timeout },
    async (_name, _outcome, send) => {
      const network = newNetwork()
      const from = () => app.visitor(network)
      await times(60, () => send(from(), newAddress()))
      const run = async () =>
        timeKinds(await addAddresses(app, count, kinds), (address) =>
          timed(() => send(from(), address), 'throttled'),
        )
      await expectAlike(run)
    },
  )

  test.each(throttledOn ? doors : [])(
    'a log-in by %s that everybody has guessed at is turned away as fast, too',
    { timeout },
    async (_by, door) => {
      const run = async () => {
        const addresses = await addAddresses(app, count, kinds)
        const guessedAt = Object.values(addresses).flat()
        await setRuns(app, guessedAt, { length: 500, nextAttemptAt: 9e9 })
        return timeKinds(addresses, (address) =>
          timed(() => door.logIn(app.visitor(), address, 'not it'), 'throttled'),
        )
      }
      await expectAlike(run)
    },
  )
})
