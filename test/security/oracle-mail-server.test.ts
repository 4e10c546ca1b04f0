/**
 * Nor does a mail server that is slow, broken or away make the time of an answer,
 * or of pages right after it, tell who has an account: with the queue, and without
 * one, where the isolate that answers delivers, too. That the bytes do not, either,
 * is in same-answer.test.ts.
 *
 * Without FULL it is the server that makes a mail slowest, with fewer addresses.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { beforeEach, describe, test } from 'vitest'
import type { FaultOptions, MailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { full } from '../full.ts'
import { useApp } from '../use-app.ts'
import { doors } from './doors.ts'
import { addAddresses, expectAlike, timed, timeKinds } from './timing.ts'

/** Of each kind. */
const count = full ? 200 : 20
/** In milliseconds: three runs on a busy machine. */
const timeout = full ? 600_000 : 120_000

/** A delivery is at work for as long as they keep it. */
const slow: [what: string, fault: FaultOptions][] = [
  ['greets after two seconds', { at: 'banner', delay: 2000 }],
  ['greets after a tenth of a second', { at: 'banner', delay: 100 }],
  ['says nothing once it is connected', { at: 'connect', hang: true }],
  ['takes a mail and does not say so', { at: 'after-data', hang: true }],
]

const faults: typeof slow = [
  ...slow,
  ['resets the connection', { at: 'connect', drop: 'reset' }],
  ['refuses every recipient for good', { at: 'rcpt', code: 550 }],
  ['is greylisting', { at: 'rcpt', code: 451 }],
]

const [[, forms]] = doors

describe.each(full ? [true, false] : [true])('with a queue: %s', (queue) => {
  let mail: MailServer
  let app: App

  const start = (options: Parameters<typeof startApp>[0]) => startApp({ ...options, queue })

  // A line for every delivery.
  useApp(start, (started) => ({ mail, app } = started), { onOutput: () => {} })

  // What waits from the test before is of another fault.
  beforeEach(async () => void (await app.db.prepare(`DELETE FROM outbox`).run()))

  const ask = (address: string) => timed(() => forms.ask(app.visitor(), address), 'taken')

  test.each(full ? faults : faults.slice(0, 1))(
    'an ask takes as long for every kind of address while the mail server %s',
    { timeout },
    async (_what, fault) => {
      using _staged = mail.fail(fault)
      const kinds = { known: {}, unproven: { proven: false } }
      const run = async () => timeKinds(await addAddresses(app, count, kinds), ask)
      await expectAlike(run, { medians: full })
    },
  )

  test.runIf(full).each(slow)(
    'twelve pages right after an ask take as long while the mail server %s',
    { timeout },
    async (_what, fault) => {
      using _staged = mail.fail(fault)
      const run = async () =>
        timeKinds(await addAddresses(app, 60, { known: {} }), async (address) => {
          await ask(address)
          const started = performance.now()
          for (let page = 0; page < 12; page++) await app.visitor().get('/login')
          return performance.now() - started
        })
      await expectAlike(run, { medians: false })
    },
  )

  // By then an address without an account has its row at an end, and one with an account waits.
  test.runIf(full)(
    'a second ask takes as long for every kind of address while the mail of the first one waits',
    { timeout },
    async () => {
      using _staged = mail.fail({ at: 'connect', hang: true })
      const run = async () =>
        timeKinds(await addAddresses(app, 100, { known: {} }), async (address) => {
          await ask(address)
          await pause(100)
          return ask(address)
        })
      await expectAlike(run)
    },
  )
})
