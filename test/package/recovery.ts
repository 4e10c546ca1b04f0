/**
 * The whole way through at an app of test/examples, by forms, wherever it has
 * mounted the service: mails have its words, and its hooks hear what happens.
 */
import { expect } from 'vitest'
import type { Inbox } from '../../harness/index.ts'
import { firstPassword, secondPassword } from '../journeys/steps.ts'
import type { Visitor } from '../visitor.ts'

export async function walkRecovery(visitor: Visitor, inbox: Inbox, prefix = '/auth') {
  const below = (path: string) => `${prefix}${path}`
  expect(await visitor.get(prefix)).toMatchObject({ status: 303, location: below('/login') })
  const login = await visitor.get(below('/login'))
  const links = [...login.body.matchAll(/(?:href|action|src)="(\/[^"]*)"/g)]
  for (const [, path = ''] of links) {
    expect(path.slice(0, prefix.length)).toBe(prefix)
    expect(path.slice(prefix.length)).toMatch(/^(?:$|[/?])/)
  }

  const asked = await visitor.post(below('/register'), { email: inbox.address })
  expect(asked).toMatchObject({ status: 303, location: below('/register/sent') })
  const invitation = await inbox.next()
  expect(invitation.text).toContain('The team of the green door')
  const form = { username: 'Ana', password: firstPassword, confirm_password: firstPassword }
  const registered = await visitor.post(invitation.link(below('/register/')), form)
  expect(registered).toMatchObject({ location: below('/login?notice=registered') })

  const lost = await visitor.post(below('/reset_password'), { email: inbox.address })
  expect(lost.location).toBe(below('/reset_password/sent'))
  const message = await inbox.next({ subject: /new password/i })
  expect(message.text).toContain('The team of the green door')
  const link = message.link(below('/reset_password/'))
  const choice = { password: secondPassword, confirm_password: secondPassword }
  const chosen = await visitor.post(link, choice)
  expect(chosen.location).toBe(below('/login?notice=password-changed'))
  expect((await visitor.get(link)).status).toBe(410)
  const credentials = { email: inbox.address, password: secondPassword }
  const back = await visitor.post(below('/login'), credentials)
  expect(back).toMatchObject({ status: 303, location: below('/account') })
  expect((await visitor.get(below('/account'))).body).toContain('Ana')

  const heard = await visitor.get('/heard')
  expect(JSON.parse(heard.body)).toEqual([
    { registered: 'Ana' },
    { asked: inbox.address },
    { changed: 'link' },
  ])
}
