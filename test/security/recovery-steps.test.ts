/**
 * Recovery has an order, and no step says more than it must: none can be skipped
 * (ASVS 5.0 §2.3.1), a link of one purpose is none of the other, and no answer
 * holds what only the mail may.
 */
import { describe, expect, test } from 'vitest'
import type { MailServer } from '../../harness/index.ts'
import { operations } from '../../src/http/api/operations.ts'
import { type App, startApp } from '../app.ts'
import { dump } from '../database.ts'
import { useApp } from '../use-app.ts'
import { givePerson } from '../person.ts'
import { doors, outcomeOf } from './doors.ts'

const newPassword = 'quite another long one'
const chosen = { password: newPassword, confirm_password: newPassword }

let mail: MailServer
let app: App

useApp(startApp, (started) => ({ mail, app } = started))

/** Everything but what counts attempts. */
async function dumpWhatCounts() {
  const { limit_window: _, ...tables } = await dump(app.db)
  return tables
}

function tokenOf(link: string): string {
  return link.slice(link.lastIndexOf('/') + 1)
}

async function askToRegister() {
  const inbox = mail.inbox()
  await app.visitor().post('/register', { email: inbox.address })
  return { inbox, token: tokenOf((await inbox.next()).link('/register/')) }
}

describe.each(doors)('by %s', (_name, door) => {
  test('a link of one purpose is dead for the other', async () => {
    const person = await givePerson(app, mail)
    const reset = tokenOf(await person.askForLink())
    const { token: registration } = await askToRegister()
    const { account } = await dump(app.db)
    expect(outcomeOf(await door.confirm(app.visitor(), reset, newPassword))).toBe('dead')
    expect(outcomeOf(await door.redeem(app.visitor(), registration, newPassword))).toBe('dead')
    expect((await dump(app.db)).account).toEqual(account)
    expect(outcomeOf(await door.confirm(app.visitor(), registration, newPassword))).toBe('taken')
    expect(outcomeOf(await door.redeem(app.visitor(), reset, newPassword))).toBe('taken')
  })

  test('a session is no link, and a device cookie neither', async () => {
    const person = await givePerson(app, mail)
    const browser = await person.signIn()
    const before = (await dump(app.db)).account
    for (const name of ['__Host-session', '__Host-device']) {
      const secret = browser.cookie(name) ?? ''
      expect(secret).not.toBe('')
      expect(outcomeOf(await door.redeem(browser, secret, newPassword))).toBe('dead')
      expect(outcomeOf(await door.confirm(browser, secret, newPassword))).toBe('dead')
    }
    expect((await dump(app.db)).account).toEqual(before)
  })

  test('a password is chosen by nobody who is signed out', async () => {
    const person = await givePerson(app, mail)
    const before = await dumpWhatCounts()
    const answer = await door.changePassword(app.visitor(), person.password, newPassword)
    expect(answer.status).toBe(401)
    expect(await dumpWhatCounts()).toEqual(before)
  })
})

describe('nothing happens', () => {
  test.each([
    ['/account/password', { current_password: 'a first long password', ...chosen }],
    ['/account/sessions/revoke', { all: '1' }],
    ['/account/sessions/revoke', { session: 'AAAAAAAAAAAA' }],
  ] as const)('at POST %s of somebody who is signed out', async (path, fields) => {
    const before = await dumpWhatCounts()
    expect((await app.visitor().post(path, fields)).status).toBe(401)
    expect(await dumpWhatCounts()).toEqual(before)
  })

  test.each(operations.filter(({ session }) => session))(
    'by operation $id without a session',
    async ({ method, path }) => {
      const before = await dumpWhatCounts()
      const body = JSON.stringify({ current_password: newPassword, password: newPassword })
      const answer = await app.visitor().send(`/api/v1${path.replace('{id}', 'AAAAAAAAAAAA')}`, {
        method: method.toUpperCase(),
        ...(method === 'put' && { body, headers: { 'Content-Type': 'application/json' } }),
      })
      expect(answer.status).toBe(401)
      expect(await dumpWhatCounts()).toEqual(before)
    },
  )

  test.each(['/register/sent', '/reset_password/sent'])(
    'at %s before an ask: the page knows of nobody',
    async (path) => {
      const before = await dumpWhatCounts()
      const asked = app.visitor()
      await asked.post(path.replace('/sent', ''), { email: '' })
      expect((await asked.get(path)).body).toBe((await app.visitor().get(path)).body)
      expect((await app.visitor().post(path, chosen)).status).toBe(410)
      expect({ ...(await dumpWhatCounts()), audit: [] }).toEqual({ ...before, audit: [] })
    },
  )

  test.each(['/reset_password/', '/register/'])('at POST %s without a token', async (path) => {
    const before = await dumpWhatCounts()
    expect((await app.visitor().post(path, chosen)).status).toBe(404)
    expect(await dumpWhatCounts()).toEqual(before)
  })
})

test('a link that expires while its form is open is 410, and the next one is one click away', async () => {
  await using own = await startApp({ mail })
  const person = await givePerson(own, mail)
  const browser = own.visitor()
  const link = await person.askForLink()
  expect((await browser.get(link)).status).toBe(200)
  await own.advance(1800)
  const late = await browser.post(link, chosen)
  expect(late.status).toBe(410)
  expect(late.body).not.toContain(newPassword)
  expect(late.body).toMatch(/<form method="post" action="\/reset_password"[^]*name="email"/)
  expect((await browser.post(await person.askForLink(), chosen)).status).toBe(303)
})

test('no answer of recovery over JSON holds a token, an id or a hash', async () => {
  const [, [, json]] = doors
  const person = await givePerson(app, mail)
  const asked = await json.ask(app.visitor(), person.address)
  const registering = await json.register(app.visitor(), mail.inbox().address)
  expect([asked, registering].map(({ status, body }) => [status, body])).toEqual([
    [202, '{}'],
    [202, '{}'],
  ])
  const token = tokenOf((await person.inbox.next({ subject: /new password/i })).link('/reset_'))
  const weak = await json.redeem(app.visitor(), token, 'short')
  const redeemed = await json.redeem(app.visitor(), token, newPassword)
  const dead = await json.redeem(app.visitor(), token, newPassword)
  expect([weak, redeemed, dead].map(({ status }) => status)).toEqual([422, 204, 410])
  expect(redeemed.body).toBe('')
  const { account } = await dump(app.db)
  const own = account.find((row) => row['address'] === person.address)
  const held = [asked, weak, dead].map(({ body, headers }) => body + JSON.stringify([...headers]))
  for (const secret of [token, own?.['id'], own?.['password_hash'], person.address]) {
    expect(secret).toEqual(expect.stringMatching(/.{12}/))
    for (const text of held) expect(text).not.toContain(secret)
  }
})
