/**
 * A link that another app mailed before its accounts came here.
 */
import { hashSync } from 'bcryptjs'
import { describe, expect, test } from 'vitest'
import type { Inbox, MailServer } from '../../harness/index.ts'
import type { RunningApp } from '../app.ts'
import { dump } from '../database.ts'
import { importRow } from '../imported-person.ts'
import { oldLink, takeOldLinks } from './old-link.ts'
import { runtimes } from './runtimes.ts'
import { choosePassword, logIn, secondPassword, signUp } from './steps.ts'
import { useApp } from '../use-app.ts'

const oldPassword = 'testing'
const passwordHash = hashSync(oldPassword, 4)

describe.each(runtimes)('on %s', (_, startApp) => {
  let mail: MailServer
  let app: RunningApp

  useApp(startApp, (started) => ({ mail, app } = started), { settings: takeOldLinks() })

  async function givePersonOfTheOldApp(legacyId: number): Promise<Inbox> {
    const inbox = mail.inbox()
    await importRow(app, { legacyId: String(legacyId), address: inbox.address, passwordHash })
    return inbox
  }

  const statusOf = async (link: string) => (await app.visitor().get(link)).status

  test('the person chooses a new password by it, once', async () => {
    const inbox = await givePersonOfTheOldApp(101)
    const link = oldLink(101)
    const another = oldLink(101)
    const page = await app.visitor().get(link)
    expect(page.status).toBe(200)
    expect(page.body).toContain(inbox.address)
    expect(await choosePassword(app.visitor(), link)).toMatchObject({ status: 303 })
    await inbox.next({ subject: /was changed/i })
    await logIn(app.visitor(), inbox.address, secondPassword)
    for (const dead of [link, another]) {
      expect(await statusOf(dead)).toBe(410)
      expect((await choosePassword(app.visitor(), dead, 'yet another long one')).status).toBe(410)
    }
    const { account } = await dump(app.db)
    expect(account.find(({ legacy_id }) => legacy_id === '101')).toMatchObject({
      credential_version: 2,
      proven_at: expect.any(Number),
    })
  })

  test('of twenty simultaneous posts of it one wins, and one notice is mailed', async () => {
    const inbox = await givePersonOfTheOldApp(102)
    const link = oldLink(102)
    const posts = Array.from({ length: 20 }, (_, index) =>
      choosePassword(app.visitor(), link, `the password of post ${index}`),
    )
    const statuses = (await Promise.all(posts)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 303)).toHaveLength(1)
    expect(statuses.filter((status) => status === 410)).toHaveLength(19)
    await inbox.next({ subject: /was changed/i })
    await inbox.none()
  })

  test('it is dead after the password was changed by a person who is signed in', async () => {
    const inbox = await givePersonOfTheOldApp(103)
    const link = oldLink(103)
    const visitor = app.visitor()
    await logIn(visitor, inbox.address, oldPassword)
    expect(await statusOf(link)).toBe(200)
    const fields = { password: secondPassword, confirm_password: secondPassword }
    const change = { current_password: oldPassword, ...fields }
    expect(await visitor.post('/account/password', change)).toMatchObject({ status: 303 })
    expect(await statusOf(link)).toBe(410)
  })

  test('it opens the account that was imported, never one of ours that is named like it', async () => {
    const inbox = mail.inbox()
    const visitor = await signUp(app, inbox)
    await visitor.post('/logout', {})
    await app.db
      .prepare(`UPDATE account SET id = '104' WHERE address_key = ?1`)
      .bind(inbox.address.toLowerCase())
      .run()
    expect(await statusOf(oldLink(104))).toBe(410)
  })

  test('it is nothing when another key signed it, or nobody with its id was imported', async () => {
    await givePersonOfTheOldApp(105)
    expect(await statusOf(oldLink(105, { key: 'a key of somebody else' }))).toBe(410)
    expect(await statusOf(oldLink(106))).toBe(410)
    expect(await statusOf(oldLink(105))).toBe(200)
  })

  test('it opens nothing while the account is disabled, and not the register page', async () => {
    await givePersonOfTheOldApp(107)
    const link = oldLink(107)
    expect(await statusOf(link.replace('reset_password', 'register'))).toBe(410)
    await app.db.prepare(`UPDATE account SET disabled_at = 1 WHERE legacy_id = '107'`).run()
    expect(await statusOf(link)).toBe(410)
  })

  test('importing again brings no old link back to life', async () => {
    const inbox = await givePersonOfTheOldApp(108)
    const link = oldLink(108)
    await choosePassword(app.visitor(), link)
    const row = { legacyId: '108', address: inbox.address, passwordHash }
    expect(await importRow(app, row)).toBe('already-there')
    expect(await statusOf(link)).toBe(410)
  })

  test('it is dead when the day that LEGACY_UNTIL names is over, whatever it says itself', async () => {
    await givePersonOfTheOldApp(109)
    const link = oldLink(109, { lifetime: 7 * 24 * 3600 })
    expect(await statusOf(link)).toBe(200)
    await app.advance(48 * 3600)
    expect(await statusOf(link)).toBe(410)
  })
})
