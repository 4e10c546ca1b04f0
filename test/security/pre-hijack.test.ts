/**
 * Nobody prepares an account for somebody else: there is none before a mailed
 * link is posted, and whoever posts it chooses the password (OWASP Email
 * Validation and Verification). FULL tries each door on each runtime.
 */
import { hashSync } from 'bcryptjs'
import { describe, expect, test } from 'vitest'
import type { MailServer } from '../../harness/index.ts'
import type { RunningApp } from '../app.ts'
import { dump } from '../database.ts'
import { importRow } from '../imported-person.ts'
import { runtimes } from '../journeys/runtimes.ts'
import { askForReset, firstPassword, tokenOf } from '../journeys/steps.ts'
import { useApp } from '../use-app.ts'
import { Visitor, type VisitorRequest } from '../visitor.ts'
import { doorsOn, outcomeOf } from './doors.ts'

const prepared = 'prepared by somebody else'
/** No id and no hash holds a space: what is found is this. */
const preparer = 'Eve, who was first'

/** Sends a name and a password along, in a form or in JSON. */
class Preparer extends Visitor {
  override send(path: string, { body, ...init }: VisitorRequest = {}) {
    if (typeof body !== 'string') throw new TypeError('There is nothing to send along with')
    const more = { username: preparer, password: prepared, confirm_password: prepared }
    const fields = body.startsWith('{')
      ? JSON.stringify({ ...JSON.parse(body), ...more })
      : `${body}&${new URLSearchParams(more)}`
    return super.send(path, { ...init, body: fields })
  }
}

describe.each(runtimes)('on %s', (runtime, startApp) => {
  let mail: MailServer
  let app: RunningApp

  useApp(startApp, (started) => ({ mail, app } = started))

  async function accountOf(address: string) {
    return (await dump(app.db)).account.find((each) => each['address'] === address)
  }

  async function scan(link: string) {
    for (const method of ['HEAD', 'GET', 'GET']) {
      expect((await app.visitor().send(link, { method })).status).toBe(200)
    }
  }

  describe.each(doorsOn(runtime))('by %s', (_door, door) => {
    const logIn = async (address: string, password: string) =>
      outcomeOf(await door.logIn(app.visitor(), address, password))

    test('an address that was asked for has no account, and what was sent along is nowhere', async () => {
      const inbox = mail.inbox()
      const asked = await door.register(new Preparer(app.url), inbox.address)
      expect(outcomeOf(asked)).toBe('taken')
      const link = (await inbox.next({ subject: /registration/i })).link('/register/')
      await scan(link)
      expect(await accountOf(inbox.address)).toBeUndefined()
      const rows = JSON.stringify(await dump(app.db))
      for (const text of [prepared, preparer]) expect(rows).not.toContain(text)
      expect(await logIn(inbox.address, prepared)).toBe('refused')

      const confirmed = await door.confirm(app.visitor(), tokenOf(link), firstPassword)
      expect(outcomeOf(confirmed)).toBe('taken')
      expect(await accountOf(inbox.address)).toMatchObject({
        ...{ username: 'Ana', proven_at: expect.any(Number) },
      })
      expect(await logIn(inbox.address, prepared)).toBe('refused')
      expect(await logIn(inbox.address, firstPassword)).toBe('taken')
    })

    test('an account that somebody made in another app is its mailbox’s owner’s with a reset, not before', async () => {
      const inbox = mail.inbox()
      await importRow(app, { address: inbox.address, passwordHash: hashSync(prepared, 4) })
      const eve = app.visitor()
      await eve.post('/login', { email: inbox.address, password: prepared })
      expect(await door.isSignedIn(eve)).toBe(true)
      const link = await askForReset(app.visitor(), inbox)
      await scan(link)
      expect(await accountOf(inbox.address)).toMatchObject({ proven_at: null })

      const redeemed = await door.redeem(app.visitor(), tokenOf(link), firstPassword)
      expect(outcomeOf(redeemed)).toBe('taken')
      expect(await accountOf(inbox.address)).toMatchObject({ proven_at: expect.any(Number) })
      expect(await door.isSignedIn(eve)).toBe(false)
      expect(await logIn(inbox.address, prepared)).toBe('refused')
      expect(await logIn(inbox.address, firstPassword)).toBe('taken')
    })

    test('asking changes no account, neither before its mail nor after, nor does opening the link', async () => {
      const inbox = mail.inbox()
      await importRow(app, { address: inbox.address, passwordHash: hashSync(prepared, 4) })
      const owner = app.visitor()
      await owner.post('/login', { email: inbox.address, password: prepared })
      const before = await accountOf(inbox.address)
      await door.ask(app.visitor(), inbox.address)
      const reset = (await inbox.next({ subject: /new password/i })).link('/reset_password/')
      await door.register(app.visitor(), inbox.address)
      await inbox.next({ subject: /already have an account/i })
      await scan(reset)
      expect(await accountOf(inbox.address)).toEqual(before)
      expect(await door.isSignedIn(owner)).toBe(true)
      expect(await logIn(inbox.address, prepared)).toBe('taken')
    })
  })
})
