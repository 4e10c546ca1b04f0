/**
 * "Your password was changed": whoever owns the mailbox hears of it, however it
 * came about, and nobody learns anything from that mail (OWASP Forgot Password;
 * ASVS 5.0 §6.3.7; NIST SP 800-63B-4 §4.2.3). FULL tries each door on each runtime.
 */
import { describe, expect, test } from 'vitest'
import type { MailServer, Message } from '../../harness/index.ts'
import type { RunningApp } from '../app.ts'
import { runtimes } from '../journeys/runtimes.ts'
import {
  askForReset,
  firstPassword,
  logIn,
  secondPassword,
  signIn,
  tokenOf,
  untilRecorded,
} from '../journeys/steps.ts'
import { doorsOn, outcomeOf } from './doors.ts'
import { useApp } from '../use-app.ts'

describe.each(runtimes)('on %s', (runtime, startApp) => {
  let mail: MailServer
  let app: RunningApp

  useApp(startApp, (started) => ({ mail, app } = started))

  function expectNotice(message: Message, to: string, secrets: readonly (string | undefined)[]) {
    expect(message.subject).toMatch(/was changed/i)
    expect(message.envelope.to).toEqual([to])
    const texts = [message.raw.toString(), message.text, message.html]
    for (const secret of secrets) {
      expect(secret).toMatch(/.{16}/)
      expect(texts.filter((text) => text.includes(secret ?? ''))).toEqual([])
    }
    expect(
      message.links.filter(({ href }) => /\/(?:reset_password|register)\/./.test(href)),
    ).toEqual([])
  }

  describe.each(doorsOn(runtime, 'JSON'))('by %s', (_door, door) => {
    test('a change of password is told to the stored address, once, without a secret', async () => {
      const inbox = mail.inbox()
      await signIn(app, inbox)
      const browser = app.visitor()
      const [local, domain] = inbox.address.split('@')
      await logIn(browser, `${local?.toUpperCase()}@${domain}`, firstPassword)
      const before = browser.cookie('__Host-session')
      const refused = await door.changePassword(browser, 'not the password', secondPassword)
      expect(outcomeOf(refused)).toBe('refused')
      await untilRecorded(app)
      await inbox.none()

      const changed = await door.changePassword(browser, firstPassword, secondPassword)
      expect(outcomeOf(changed)).toBe('taken')
      const cookies = [before, browser.cookie('__Host-session'), browser.cookie('__Host-device')]
      const message = await inbox.next()
      expectNotice(message, inbox.address, [firstPassword, secondPassword, ...cookies])
      await untilRecorded(app)
      await inbox.none()
    })

    test('a reset is, too', async () => {
      const inbox = mail.inbox()
      await signIn(app, inbox)
      const token = tokenOf(await askForReset(app.visitor(), inbox))
      const redeemed = await door.redeem(app.visitor(), token, secondPassword)
      expect(outcomeOf(redeemed)).toBe('taken')
      expectNotice(await inbox.next(), inbox.address, [firstPassword, secondPassword, token])
    })
  })
})
