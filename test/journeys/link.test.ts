/**
 * What a mailed link can do, and what it cannot any more.
 */
import { describe, expect, test } from 'vitest'
import type { MailServer } from '../../harness/index.ts'
import { deleteAccount, findSummary } from '../../src/store/operator.ts'
import type { RunningApp } from '../app.ts'
import { runtimes } from './runtimes.ts'
import { useApp } from '../use-app.ts'
import {
  askForReset,
  choosePassword,
  firstPassword,
  logIn,
  secondPassword,
  signIn,
  untilRecorded,
} from './steps.ts'

describe.each(runtimes)('on %s', (_, startApp) => {
  let mail: MailServer
  let app: RunningApp

  useApp(startApp, (started) => ({ mail, app } = started))

  test('no link makes or opens an account that the operator has deleted', async () => {
    const inbox = mail.inbox()
    await app.visitor().post('/register', { email: inbox.address })
    const registration = (await inbox.next()).link('/register/')
    const fields = { password: firstPassword, confirm_password: firstPassword }
    const register = () => app.visitor().post(registration, { ...fields, username: 'Ana' })
    expect((await register()).status).toBe(303)
    const reset = await askForReset(app.visitor(), inbox)
    const account = await findSummary(app.db, inbox.address)
    if (account === null) throw new Error('There is no account')
    await deleteAccount(app.db, account, Math.floor(Date.now() / 1000))
    expect((await register()).status).toBe(410)
    expect((await choosePassword(app.visitor(), reset, secondPassword)).status).toBe(410)
    expect(await findSummary(app.db, inbox.address)).toBeNull()
  })

  test('of twenty simultaneous posts of one link one wins, and one notice is mailed', async () => {
    const inbox = mail.inbox()
    await signIn(app, inbox)
    const link = await askForReset(app.visitor(), inbox)
    const passwords = Array.from({ length: 20 }, (_, index) => `the password of post ${index}`)
    const answers = await Promise.all(
      passwords.map((password) => choosePassword(app.visitor(), link, password)),
    )
    const winners = passwords.filter((_, index) => answers[index]?.status === 303)
    expect(winners).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(19)
    await inbox.next({ subject: /was changed/i })
    await inbox.none()
    await logIn(app.visitor(), inbox.address, winners[0] ?? '')
    const rows = await app.db
      .prepare(
        `SELECT count(*) AS count FROM audit WHERE event = 'password-reset' AND account_id =
      (SELECT id FROM account WHERE address_key = ?1)`,
      )
      .bind(inbox.address.toLowerCase())
      .first<{ count: number }>()
    expect(rows?.count).toBe(1)
  })

  test('a link dies when it expires, and the page says what to do', async () => {
    const inbox = mail.inbox()
    await signIn(app, inbox)
    const visitor = app.visitor()
    const link = await askForReset(visitor, inbox)
    await app.advance(1790)
    expect((await visitor.get(link)).status).toBe(200)
    await app.advance(10)
    const answer = await choosePassword(visitor, link)
    expect(answer.status).toBe(410)
    expect(answer.body).toContain('action="/reset_password"')
    await logIn(visitor, inbox.address, firstPassword)
  })

  test('every session ends with a reset, also one that is signed in elsewhere', async () => {
    const inbox = mail.inbox()
    const laptop = await signIn(app, inbox)
    const tablet = app.visitor()
    await logIn(tablet, inbox.address, firstPassword)
    await choosePassword(app.visitor(), await askForReset(app.visitor(), inbox))
    expect((await laptop.get('/account')).status).toBe(303)
    expect((await tablet.get('/account')).status).toBe(303)
  })

  test('two links are out: when one is used the other is dead', async () => {
    const inbox = mail.inbox()
    await signIn(app, inbox)
    const first = await askForReset(app.visitor(), inbox)
    await untilRecorded(app)
    const second = await askForReset(app.visitor(), inbox)
    expect((await choosePassword(app.visitor(), first)).status).toBe(303)
    expect((await choosePassword(app.visitor(), second)).status).toBe(410)
  })

  test('opening a link changes nothing, however often scanners do it', async () => {
    const inbox = mail.inbox()
    await signIn(app, inbox)
    const link = await askForReset(app.visitor(), inbox)
    const scanner = app.visitor()
    for (const method of ['HEAD', 'GET', 'GET', 'GET', 'HEAD', 'GET']) {
      const answer = await scanner.send(link, { method })
      expect(answer.status).toBe(200)
      expect(answer.headers.getSetCookie()).toEqual([])
    }
    expect((await scanner.post(link, {})).status).toBe(422)
    await inbox.none()
    expect((await choosePassword(app.visitor(), link)).status).toBe(303)
  })

  test('a refused password leaves the link alive and says why', async () => {
    const inbox = mail.inbox()
    await signIn(app, inbox)
    const visitor = app.visitor()
    const link = await askForReset(visitor, inbox)
    const short = await choosePassword(visitor, link, 'too short')
    expect(short.status).toBe(422)
    expect(short.body).toContain('too short: 15 characters at least')
    expect(short.body).not.toContain('value="too short"')
    const fields = { password: secondPassword, confirm_password: firstPassword }
    expect((await visitor.post(link, fields)).status).toBe(422)
    expect((await choosePassword(visitor, link)).status).toBe(303)
  })

  test('a mail goes to the stored address, not to the one that was typed', async () => {
    const inbox = mail.inbox()
    await signIn(app, inbox)
    const [local, domain] = inbox.address.split('@')
    await app.visitor().post('/reset_password', { email: ` ${local?.toUpperCase()}@${domain} ` })
    const message = await inbox.next({ subject: /choose a new password/i })
    expect(message.envelope.to).toEqual([inbox.address])
  })

  test('POST /reset_password answers alike for a known and an unknown address, but mails only the known one', async () => {
    const known = mail.inbox()
    const unknown = mail.inbox()
    await signIn(app, known)
    const answers = [
      await app.visitor().post('/reset_password', { email: known.address }),
      await app.visitor().post('/reset_password', { email: unknown.address }),
    ]
    const [first, second] = answers.map(({ status, headers, body }) => {
      return { status, body, headers: [...headers].filter(([name]) => name !== 'date') }
    })
    expect(first).toEqual(second)
    await known.next({ subject: /choose a new password/i })
    await unknown.none()
  })

  test('registering an address that has an account mails its owner, and says the same to everybody', async () => {
    const inbox = mail.inbox()
    await signIn(app, inbox)
    const visitor = app.visitor()
    const answer = await visitor.post('/register', { email: inbox.address })
    expect(answer).toMatchObject({ status: 303, location: '/register/sent' })
    const message = await inbox.next({ subject: /already have an account/i })
    expect(message.text).toContain('/reset_password\n')
    expect(message.text).not.toContain('/register/')
  })

  test('of two registration links for one address the second finds an account', async () => {
    const inbox = mail.inbox()
    const visitor = app.visitor()
    await visitor.post('/register', { email: inbox.address })
    const first = (await inbox.next()).link('/register/')
    await untilRecorded(app)
    await visitor.post('/register', { email: inbox.address })
    const second = (await inbox.next()).link('/register/')
    const form = { username: 'Ana', password: firstPassword, confirm_password: firstPassword }
    expect((await visitor.post(first, form)).status).toBe(303)
    const late = await visitor.post(second, form)
    expect(late.status).toBe(410)
    expect(late.body).toContain('href="/reset_password"')
  })
})
