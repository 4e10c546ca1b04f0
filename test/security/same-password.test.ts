/**
 * Choosing the password that one already has: taken like any other. To refuse it
 * would tell whoever holds a link, or has stolen a session, that a guess is right.
 */
import { describe, expect, test } from 'vitest'
import type { MailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { dump } from '../database.ts'
import { useApp } from '../use-app.ts'
import { givePerson, type Person } from '../person.ts'
import { doors, outcomeOf } from './doors.ts'

let mail: MailServer
let app: App

useApp(startApp, (started) => ({ mail, app } = started))

async function accountOf({ address }: Person) {
  return (await dump(app.db)).account.find((row) => row['address'] === address)
}

describe.each(doors)('by %s', (_name, door) => {
  test('a reset to it is answered as one to another password is, and ends as much', async () => {
    const answers = []
    for (const password of ['a first long password', 'quite another long one']) {
      const person = await givePerson(app, mail)
      const browser = await person.signIn()
      const before = await accountOf(person)
      const link = await person.askForLink()
      const token = link.slice(link.lastIndexOf('/') + 1)
      const { status, body, headers } = await door.redeem(app.visitor(), token, password)
      answers.push({ status, body, headers: [...headers].filter(([name]) => name !== 'date') })
      expect((await browser.get('/account')).status).toBe(303)
      expect(outcomeOf(await door.redeem(app.visitor(), token, password))).toBe('dead')
      const after = await accountOf(person)
      expect(after?.['credential_version']).toBe(2)
      expect(after?.['password_hash']).not.toBe(before?.['password_hash'])
      await person.inbox.next({ subject: /was changed/i })
    }
    expect(answers[0]).toEqual(answers[1])
  })

  test('a change to it is taken too, and ends every other session', async () => {
    const person = await givePerson(app, mail)
    const [here, there] = [await person.signIn(), await person.signIn()]
    const changed = await door.changePassword(here, person.password, person.password)
    expect(outcomeOf(changed)).toBe('taken')
    expect((await there.get('/account')).status).toBe(303)
    expect((await accountOf(person))?.['credential_version']).toBe(2)
  })
})
