/**
 * Every event leaves exactly one row, whichever door it comes through; and where
 * that row cannot be written, the event has not happened (ASVS 5.0 §16.2.1,
 * §16.3.1, §16.5.3). Nothing that is sent begins a line of its own (§16.4.1). FULL
 * tries each door on each runtime.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import type { AuditEvent } from '../../src/account/audit.ts'
import { newId, secureRandom } from '../../src/account/random.ts'
import * as operator from '../../src/store/operator.ts'
import type { RunningApp } from '../app.ts'
import { dump } from '../database.ts'
import { importRow } from '../imported-person.ts'
import { runtimes } from '../journeys/runtimes.ts'
import { giveAccount, giveSession } from '../person.ts'
import { askForReset, logIn, tokenOf, untilRecorded } from '../journeys/steps.ts'
import type { Answer, Visitor } from '../visitor.ts'
import { type Door, doorsOn, outcomeOf } from './doors.ts'
import { newAddress, password, quickHash } from './people.ts'

const newPassword = 'quite another long one'
const wrong = 'not the password'
const now = Math.floor(Date.now() / 1000)

type EventName = AuditEvent['event']

interface Stage {
  app: RunningApp
  mail: MailServer
  /** Of an account that `browser` is signed in to. */
  account: operator.AccountSummary
  browser: Visitor
}

/** What has to have happened before, and then the event. */
type Prepare<Outcome> = (stage: Stage, door: Door) => Promise<() => Promise<Outcome>>

interface ByClient {
  prepare: Prepare<Answer>
  outcome: 'taken' | 'refused' | 'dead' | 'throttled'
  /** Whether the row names the account of the stage. */
  named: boolean
}

function event(
  named: boolean,
  outcome: ByClient['outcome'],
  prepare: ByClient['prepare'],
): ByClient {
  return { named, outcome, prepare }
}

type EventOfOperator =
  | 'account-disabled'
  | 'account-enabled'
  | 'account-deleted'
  | 'account-imported'

const byClient: Record<Exclude<EventName, EventOfOperator>, ByClient> = {
  'reset-asked': event(false, 'taken', async ({ app, account }, door) => {
    return () => door.ask(app.visitor(), account.address)
  }),
  'registration-asked': event(false, 'taken', async ({ app }, door) => {
    return () => door.register(app.visitor(), newAddress())
  }),
  registered: event(false, 'taken', async ({ app, mail }, door) => {
    const inbox = mail.inbox()
    await door.register(app.visitor(), inbox.address)
    const token = tokenOf((await inbox.next()).link('/register/'))
    return () => door.confirm(app.visitor(), token, newPassword)
  }),
  'logged-in': event(true, 'taken', async ({ app, account }, door) => {
    return () => door.logIn(app.visitor(), account.address, password)
  }),
  'login-failed': event(true, 'refused', async ({ app, account }, door) => {
    return () => door.logIn(app.visitor(), account.address, wrong)
  }),
  'logged-out': event(
    true,
    'taken',
    async ({ browser }, door) =>
      () =>
        door.logOut(browser),
  ),
  'sessions-ended': event(true, 'taken', async ({ app, account, browser }, door) => {
    const { session } = await dump(app.db)
    await logIn(app.visitor(), account.address, password)
    const known = new Set(session.map(({ id }) => id))
    const { id } = (await dump(app.db)).session.find((each) => !known.has(each['id'])) ?? {}
    return () => door.endSession(browser, String(id))
  }),
  'password-reset': event(true, 'taken', async ({ app, mail, account }, door) => {
    const link = await askForReset(app.visitor(), mail.inbox(account.address))
    return () => door.redeem(app.visitor(), tokenOf(link), newPassword)
  }),
  'password-changed': event(true, 'taken', async ({ browser }, door) => {
    return () => door.changePassword(browser, password, newPassword)
  }),
  'password-change-failed': event(true, 'refused', async ({ browser }, door) => {
    return () => door.changePassword(browser, wrong, newPassword)
  }),
  'link-refused': event(false, 'dead', async ({ app }, door) => {
    return () => door.redeem(app.visitor(), 'wrong', newPassword)
  }),
  throttled: event(false, 'throttled', async ({ app }, door) => {
    const visitor = app.visitor()
    for (let i = 0; i < 5; i++) await door.ask(visitor, newAddress())
    return () => door.ask(visitor, newAddress())
  }),
}

const byOperator: [EventName, (stage: Stage) => Promise<unknown>][] = [
  ['account-disabled', ({ app, account }) => operator.disableAccount(app.db, account, now)],
  ['account-enabled', ({ app, account }) => operator.enableAccount(app.db, account, now)],
  ['account-deleted', ({ app, account }) => operator.deleteAccount(app.db, account, now)],
  ['sessions-ended', ({ app, account }) => operator.endAllSessions(app.db, account, now)],
  ['reset-asked', ({ app, account }) => operator.askResetFor(app.db, account, secureRandom, now)],
  [
    'account-imported',
    ({ app }) => importRow(app, { address: newAddress(), passwordHash: quickHash }),
  ],
]

describe.each(runtimes)('on %s', (runtime, startApp) => {
  let mail: MailServer
  let app: RunningApp
  let stage: Stage
  let output = ''

  beforeAll(async () => {
    mail = await startMailServer()
    const onOutput = (text: string) => void (output += text)
    app = await startApp({ mail, settings: { LIMIT_ASK: '5/600' }, onOutput })
  })

  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await mail.stop()
  })

  beforeEach(async () => {
    const address = newAddress()
    const browser = app.visitor()
    await giveAccount(app, address, { password })
    await giveSession(app, address, browser)
    const account = await operator.findSummary(app.db, address)
    if (account === null) throw new Error('There is no account')
    stage = { app, mail, account, browser }
  })

  /** All but what counts attempts and what is written down. */
  async function state() {
    await untilRecorded(app)
    const { account, session, outbox, deleted_account } = await dump(app.db)
    return { account, session, outbox, deleted_account }
  }

  /** The database itself refuses rows of this event, until it is let be. */
  async function refuseRows(name: string) {
    await app.db
      .prepare(
        `CREATE TRIGGER no_room BEFORE INSERT ON audit WHEN NEW.event = '${name}'
         BEGIN SELECT RAISE(ABORT, 'no room for it'); END`,
      )
      .run()
  }

  const letRowsBe = () => app.db.prepare(`DROP TRIGGER IF EXISTS no_room`).run()

  afterEach(letRowsBe)

  /** What `act` adds to the table. */
  async function rowsOf(act: () => Promise<unknown>) {
    const { audit: before } = await dump(app.db)
    await act()
    const { audit } = await dump(app.db)
    expect(audit.slice(0, before.length)).toEqual(before)
    return audit.slice(before.length)
  }

  describe.each(doorsOn(runtime, 'JSON'))('by %s', (_door, door) => {
    test.each(Object.entries(byClient))(
      '%s is one row, and has not happened without',
      async (name, { prepare, outcome, named }) => {
        const act = await prepare(stage, door)
        const before = await state()
        await refuseRows(name)
        const rows = await rowsOf(async () => {
          expect((await act()).status).toBeGreaterThanOrEqual(500)
        })
        await letRowsBe()
        expect([rows, await state()]).toEqual([[], before])

        const [row, ...more] = await rowsOf(async () => {
          expect(outcomeOf(await act())).toBe(outcome)
        })
        expect([row?.['event'], more]).toEqual([name, []])
        expect(row?.['network']).toMatch(/^198\.1[89]\.\d+\.\d+$/)
        if (named) expect(row?.['account_id']).toBe(stage.account.id)
      },
    )

    test('a line break in what is sent begins no line of the log and no row', async () => {
      const forged = JSON.stringify({ event: 'forged' })
      const lines = `x\n${forged}\r\n${forged}`
      const rows = await rowsOf(async () => {
        for (const email of [`a@example.test${lines}`, `${lines}@example.test`]) {
          expect((await door.ask(app.visitor(), email)).status).toBe(400)
          expect((await door.logIn(app.visitor(), email, 'x')).status).toBe(400)
        }
      })
      expect(rows).toEqual([])
      await app.failAt('wrong_password_run', `Cannot do it: ${lines} ${newId(secureRandom)}`)
      output = ''
      const failed = await door.logIn(app.visitor(), stage.account.address, lines)
      expect(failed.status).toBe(500)
      await expect.poll(() => output, { timeout: 10_000 }).toContain('request-failed')
      const events = output
        .trim()
        .split(/[\r\n]+/)
        .map((line) => JSON.parse(line).event as string)
      expect(events).toContain('request-failed')
      expect(events).not.toContain('forged')
    })
  })

  test.each(byOperator)(
    '%s by the operator is one row, and has not happened without',
    async (name, act) => {
      const before = await state()
      await refuseRows(name)
      const rows = await rowsOf(() => expect(act(stage)).rejects.toThrow('no room for it'))
      await letRowsBe()
      expect([rows, await state()]).toEqual([[], before])
      const [row, ...more] = await rowsOf(() => act(stage))
      expect([row, more]).toEqual([expect.objectContaining({ event: name, network: null }), []])
      await app.sweep()
    },
  )
})
