/**
 * What was begun before an account changed and ends after it: a slow log-in, a
 * slow change of password, a slow post to a link. Each is held between its hash
 * and its batch while the change happens as a whole, and has to lose (ASVS 5.0
 * §15.4.2, §2.3.3). FULL tries each door on each runtime.
 */
import { hash } from 'bcryptjs'
import { describe, expect, test } from 'vitest'
import type { Inbox, MailServer } from '../../harness/index.ts'
import * as operator from '../../src/store/operator.ts'
import type { RunningApp } from '../app.ts'
import { dump } from '../database.ts'
import { runtimes } from '../journeys/runtimes.ts'
import {
  askForReset,
  firstPassword,
  secondPassword,
  signIn,
  tokenOf,
  untilRecorded,
} from '../journeys/steps.ts'
import { type Door, doorsOn, outcomeOf } from './doors.ts'
import { useApp } from '../use-app.ts'

/** What only the batches have that a log-in, a change of password and a post to a link end with. */
const lastBatch = 'INSERT INTO session|UPDATE account SET password_hash'
const slowlyChanged = 'the one of a slow change'
const slowlyChosen = 'the one of a slow post'

interface Change {
  happen(app: RunningApp, door: Door, inbox: Inbox): Promise<void>
  /** The password that opens the account afterwards. */
  opens: string | null
}

/** By the operator, whose commands have a connection of their own. */
function byOperator(
  act: (db: RunningApp['db'], account: operator.AccountSummary, now: number) => Promise<void>,
  opens: string | null,
): Change {
  return {
    async happen({ db }, _door, { address }) {
      const account = await operator.findSummary(db, address)
      if (account !== null) await act(db, account, Math.floor(Date.now() / 1000))
    },
    opens,
  }
}

const changes: [string, Change][] = [
  [
    'a reset',
    {
      async happen(app, door, inbox) {
        const token = tokenOf(await askForReset(app.visitor(), inbox))
        expect(outcomeOf(await door.redeem(app.visitor(), token, secondPassword))).toBe('taken')
      },
      opens: secondPassword,
    },
  ],
  [
    'a change of password',
    {
      async happen(app, door, { address }) {
        const browser = app.visitor()
        await browser.post('/login', { email: address, password: firstPassword })
        const changed = await door.changePassword(browser, firstPassword, secondPassword)
        expect(outcomeOf(changed)).toBe('taken')
      },
      opens: secondPassword,
    },
  ],
  ['the end of all sessions', byOperator(operator.endAllSessions, firstPassword)],
  ['a disabled account', byOperator(operator.disableAccount, null)],
  ['a deleted account', byOperator(operator.deleteAccount, null)],
]

describe.each(runtimes)('on %s', (runtime, startApp) => {
  let mail: MailServer
  let app: RunningApp

  useApp(startApp, (started) => ({ mail, app } = started))

  /** All that a late batch could have touched. */
  async function state() {
    await untilRecorded(app)
    const { account, session, outbox } = await dump(app.db)
    return { account, session, outbox }
  }

  async function expectToOpen(door: Door, address: string, password: string | null) {
    for (const each of [firstPassword, secondPassword]) {
      const outcome = outcomeOf(await door.logIn(app.visitor(), address, each))
      expect([each, outcome]).toEqual([each, each === password ? 'taken' : 'refused'])
    }
  }

  describe.each(doorsOn(runtime))('by %s', (_door, door) => {
    test.each(changes)('%s is undone by nothing that was under way', async (_what, change) => {
      const inbox = mail.inbox()
      const browser = await signIn(app, inbox)
      const token = tokenOf(await askForReset(app.visitor(), inbox))
      await untilRecorded(app)
      const held = await app.hold(lastBatch, 3)
      const slow = [
        door.logIn(app.visitor(), inbox.address, firstPassword),
        door.changePassword(browser, firstPassword, slowlyChanged),
        door.redeem(app.visitor(), token, slowlyChosen),
      ]
      await held.all()
      await change.happen(app, door, inbox)
      const before = await state()
      await held.release()
      const answers = await Promise.all(slow)
      expect(answers.map(outcomeOf)).toEqual(['refused', 'refused', 'dead'])
      expect(answers.flatMap(({ headers }) => headers.getSetCookie())).toEqual([])
      expect(await state()).toEqual(before)
      await expectToOpen(door, inbox.address, change.opens)
    })

    test('a reset is not undone by the re-hash of a log-in that verified the old password before it', async () => {
      const inbox = mail.inbox()
      await signIn(app, inbox)
      await app.db
        .prepare(`UPDATE account SET password_hash = ?1 WHERE address = ?2`)
        .bind(await hash(firstPassword, 4), inbox.address)
        .run()
      const token = tokenOf(await askForReset(app.visitor(), inbox))
      const held = await app.hold('AND password_hash = ?4', 1)
      const slow = door.logIn(app.visitor(), inbox.address, firstPassword)
      await held.all()
      expect(outcomeOf(await door.redeem(app.visitor(), token, secondPassword))).toBe('taken')
      await held.release()
      expect(outcomeOf(await slow)).toBe('refused')
      await expectToOpen(door, inbox.address, secondPassword)
    })

    test.each([
      ['the other is dead', null, firstPassword],
      ['deleted, it is not brought back by the other', operator.deleteAccount, null],
    ])('of two registrations one makes the account: %s', async (_what, act, opens) => {
      const inbox = mail.inbox()
      const [first, second] = [await askToRegister(door, inbox), await askToRegister(door, inbox)]
      const held = await app.hold('INSERT INTO account', 1)
      const slow = door.confirm(app.visitor(), second, slowlyChosen)
      await held.all()
      expect(outcomeOf(await door.confirm(app.visitor(), first, firstPassword))).toBe('taken')
      if (act !== null) await byOperator(act, null).happen(app, door, inbox)
      const before = await state()
      await held.release()
      expect(outcomeOf(await slow)).toBe('dead')
      expect(await state()).toEqual(before)
      await expectToOpen(door, inbox.address, opens)
    })
  })

  async function askToRegister(door: Door, inbox: Inbox): Promise<string> {
    await door.register(app.visitor(), inbox.address)
    const message = await inbox.next({ subject: /registration/i })
    await untilRecorded(app)
    return tokenOf(message.link('/register/'))
  }
})
