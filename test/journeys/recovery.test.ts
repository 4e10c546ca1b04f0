/**
 * The whole way through, by forms alone: workerd, D1, the queue and SMTP are
 * real. Reads from top to bottom like a script.
 */
import { expect, test } from 'vitest'
import { startMailServer } from '../../harness/index.ts'
import { runtimes } from './runtimes.ts'

const firstPassword = 'a first long password'
const secondPassword = 'quite another long one'

test.each(runtimes)(
  'on %s a person who forgot their password gets back in',
  async (_, startApp) => {
    await using mail = await startMailServer()
    await using app = await startApp({ mail })
    const inbox = mail.inbox()
    const laptop = app.visitor()

    const asked = await laptop.post('/register', { email: inbox.address })
    expect(asked).toMatchObject({ status: 303, location: '/register/sent' })
    const invitation = await inbox.next({ subject: /registration/i })
    const registerLink = invitation.link('/register/')
    expect((await laptop.get(registerLink)).status).toBe(200)
    const registered = await laptop.post(registerLink, {
      username: 'Ana',
      password: firstPassword,
      confirm_password: firstPassword,
    })
    expect(registered).toMatchObject({ status: 303, location: '/login?notice=registered' })

    const loggedIn = await laptop.post('/login', { email: inbox.address, password: firstPassword })
    expect(loggedIn).toMatchObject({ status: 303, location: '/account' })
    expect((await laptop.get('/account')).body).toContain('Hello, Ana')

    const phone = app.visitor()
    const lost = await phone.post('/reset_password', { email: inbox.address.toUpperCase() })
    expect(lost).toMatchObject({ status: 303, location: '/reset_password/sent' })
    const resetMail = await inbox.next({ subject: /new password/i })
    const resetLink = resetMail.link('/reset_password/')
    const form = await phone.get(resetLink)
    expect(form.status).toBe(200)
    expect(form.body).toContain(inbox.address)

    const saved = await phone.post(resetLink, {
      password: secondPassword,
      confirm_password: secondPassword,
    })
    expect(saved).toMatchObject({ status: 303, location: '/login?notice=password-changed' })
    expect(saved.headers.getSetCookie()).toEqual([])
    await inbox.next({ subject: /was changed/i })

    expect(await laptop.get('/account')).toMatchObject({ status: 303, location: '/login' })
    expect((await phone.get(resetLink)).status).toBe(410)
    const used = { password: firstPassword, confirm_password: firstPassword }
    expect((await phone.post(resetLink, used)).status).toBe(410)
    const old = await phone.post('/login', { email: inbox.address, password: firstPassword })
    expect(old.status).toBe(401)
    const back = await phone.post('/login', { email: inbox.address, password: secondPassword })
    expect(back).toMatchObject({ status: 303, location: '/account' })

    const out = await phone.post('/logout', {})
    expect(out).toMatchObject({ status: 303, location: '/login' })
    expect((await phone.get('/account')).status).toBe(303)
  },
)
