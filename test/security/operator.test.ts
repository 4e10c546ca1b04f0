/**
 * What the operator does to an account takes effect at once, wherever somebody
 * is logged in and whatever link is out (ASVS 5.0 §7.4.2, §7.4.5). FULL tries each
 * door on each runtime.
 */
import { beforeEach, describe, expect, test } from 'vitest'
import type { Inbox, MailServer } from '../../harness/index.ts'
import * as operator from '../../src/store/operator.ts'
import type { RunningApp } from '../app.ts'
import { dump } from '../database.ts'
import { ApiClient } from '../http/api/client.ts'
import { runtimes } from '../journeys/runtimes.ts'
import { askForReset, firstPassword, secondPassword, signIn, tokenOf } from '../journeys/steps.ts'
import { giveSession } from '../person.ts'
import { useApp } from '../use-app.ts'
import type { Visitor } from '../visitor.ts'
import { doorsOn, outcomeOf } from './doors.ts'
import { addAccounts } from './people.ts'

const now = Math.floor(Date.now() / 1000)

type Act = (db: RunningApp['db'], account: operator.AccountSummary) => Promise<unknown>

const acts: [what: string, act: Act, stillLogsIn: boolean][] = [
  ['ends the sessions', (db, account) => operator.endAllSessions(db, account, now), true],
  ['ends everybody’s sessions', (db) => operator.endEverybodysSessions(db, now), true],
  ['disables', (db, account) => operator.disableAccount(db, account, now), false],
  ['deletes', (db, account) => operator.deleteAccount(db, account, now), false],
]

describe.each(runtimes)('on %s', (runtime, startApp) => {
  let mail: MailServer
  let app: RunningApp
  let inbox: Inbox
  let browser: Visitor

  useApp(startApp, (started) => ({ mail, app } = started))

  beforeEach(async () => {
    inbox = mail.inbox()
    browser = await signIn(app, inbox)
  })

  async function summary(): Promise<operator.AccountSummary> {
    const account = await operator.findSummary(app.db, inbox.address)
    if (account === null) throw new Error('There is no account')
    return account
  }

  test.each(acts)(
    'when the operator %s, browsers and apps are logged out and links are dead',
    async (_what, act, stillLogsIn) => {
      const api = new ApiClient(app)
      const token = await giveSession(app, inbox.address)
      const link = await askForReset(app.visitor(), inbox)
      await act(app.db, await summary())

      expect(await api.send('GET', '/account', undefined, { token })).toMatchObject({ status: 401 })
      expect((await app.visitor().get(link)).status).toBe(410)
      for (const [, door] of doorsOn(runtime)) {
        expect(await door.isSignedIn(browser)).toBe(false)
        const redeemed = await door.redeem(app.visitor(), tokenOf(link), secondPassword)
        expect(outcomeOf(redeemed)).toBe('dead')
        const logIn = await door.logIn(app.visitor(), inbox.address, firstPassword)
        expect(outcomeOf(logIn)).toBe(stillLogsIn ? 'taken' : 'refused')
      }
    },
  )

  test('everybody means everybody; each who was logged in has an audit row, and the act has one', async () => {
    const other = await signIn(app, mail.inbox())
    const link = await askForReset(app.visitor(), mail.inbox(inbox.address))
    await addAccounts(app, 1500)
    const before = await dump(app.db)
    const ended = await operator.endEverybodysSessions(app.db, now)

    const { account, session, audit } = await dump(app.db)
    expect([ended, session]).toEqual([before.session.length, []])
    for (const each of [browser, other]) expect((await each.get('/account')).status).toBe(303)
    expect((await app.visitor().get(link)).status).toBe(410)
    const raised = before.account.map(({ credential_version: old }) => Number(old) + 1)
    expect(account.map(({ credential_version }) => credential_version)).toEqual(raised)
    const loggedIn = new Set(before.session.map(({ account_id }) => account_id))
    const rows = audit.slice(before.audit.length)
    expect(new Set(rows.map(({ account_id }) => account_id))).toEqual(new Set([null, ...loggedIn]))
    expect(rows).toHaveLength(loggedIn.size + 1)
    expect(rows.every(({ event }) => event === 'sessions-ended')).toBe(true)
  })
})
