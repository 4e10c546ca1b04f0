/**
 * The mail server breaks off, and the service does not: pages are answered, and
 * the mail arrives once the server is well again.
 */
import { describe, expect, test } from 'vitest'
import { startMailServer } from '../../harness/index.ts'
import type { RunningApp } from '../app.ts'
import { runtimes } from './runtimes.ts'
import { choosePassword, signIn, untilStruck } from './steps.ts'

const ways = {
  'over plain loopback': { certificates: '.sparekey/certificates', settings: {} },
  'over STARTTLS': { certificates: '.sparekey/certificates', settings: { MAIL_USE_TLS: 'true' } },
}

describe.each(Object.entries(ways))('a server that closes after EHLO, %s', (_, way) => {
  test.each(runtimes)('costs %s no page and loses no mail', async (_, startApp) => {
    await using mail = await startMailServer({ certificates: way.certificates })
    await using app = await startApp({ mail, settings: way.settings })
    const inbox = mail.inbox()
    await signIn(app, inbox)

    const fault = mail.fail({ at: 'ehlo', drop: true })
    const visitor = app.visitor()
    const asked = await visitor.post('/reset_password', { email: inbox.address })
    expect(asked).toMatchObject({ status: 303, location: '/reset_password/sent' })
    await untilStruck(fault, mail)
    expect(await slowestPage(app)).toBeLessThan(500)

    fault.remove()
    await app.advance(60)
    await app.sweep()
    const link = (await inbox.next({ subject: /choose a new password/i })).link('/reset_password/')
    expect((await choosePassword(visitor, link)).status).toBe(303)
  })
})

/** In milliseconds, of ten. */
async function slowestPage(app: RunningApp): Promise<number> {
  const visitor = app.visitor()
  const times: number[] = []
  for (let page = 0; page < 10; page++) {
    const start = performance.now()
    expect((await visitor.get('/login')).status).toBe(200)
    times.push(performance.now() - start)
  }
  return Math.max(...times)
}
