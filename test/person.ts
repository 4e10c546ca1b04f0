/**
 * Somebody who has an account: registered by a mailed link, as everybody is.
 */
import type { Inbox, MailServer } from '../harness/index.ts'
import type { RunningApp } from './app.ts'
import type { Visitor } from './visitor.ts'

export interface Person {
  address: string
  password: string
  inbox: Inbox
  /** In a browser of their own, unless one is given. */
  logIn(browser?: Visitor): Promise<Visitor>
  /** The link of a reset mail, from the inbox. */
  askForLink(): Promise<string>
}

export async function givePerson(
  app: RunningApp,
  mail: MailServer,
  { password = 'a first long password', username = 'Ana' } = {},
): Promise<Person> {
  const inbox = mail.inbox()
  await app.visitor().post('/register', { email: inbox.address })
  const link = (await inbox.next()).link('/register/')
  const confirmed = { username, password, confirm_password: password }
  const registered = await app.visitor().post(link, confirmed)
  if (registered.status !== 303) throw new Error(`Cannot register: ${registered.status}`)
  return {
    address: inbox.address,
    password,
    inbox,
    async logIn(browser = app.visitor()) {
      const answer = await browser.post('/login', { email: inbox.address, password })
      if (answer.status !== 303) throw new Error(`Cannot log in: ${answer.status}`)
      return browser
    },
    async askForLink() {
      await app.visitor().post('/reset_password', { email: inbox.address })
      return (await inbox.next({ subject: /new password/i })).link('/reset_password/')
    },
  }
}
