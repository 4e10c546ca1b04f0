/** A test of the shop's own: somebody who forgot their password gets back in, by the mail that came. */
import { startMailServer } from 'sparekey/harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestHarness } from 'wrangler'

const mail = await startMailServer()
const shop = createTestHarness({
  workers: [
    {
      configPath: './wrangler.toml',
      vars: {
        MAIL_SERVER: mail.smtp.host,
        MAIL_PORT: String(mail.smtp.port),
        MAIL_USE_TLS: '',
        PWNED_PASSWORDS: 'off',
      },
      secrets: { SECRET_KEY: 'a test key that is at least 32 bytes long' },
    },
  ],
})

beforeAll(async () => {
  await shop.listen()
  await shop.getWorker().applyD1Migrations('DB')
})

afterAll(async () => {
  await shop.close()
  await mail.stop()
})

test('somebody registers, forgets the password, and gets back in', async () => {
  const inbox = mail.inbox()
  await post('/auth/register', { email: inbox.address })
  const invitation = await inbox.next({ subject: /registration/i })
  const first = { password: 'a first long password', confirm_password: 'a first long password' }
  await post(pathOf(invitation.link('/auth/register/')), { username: 'Ana', ...first })

  await post('/auth/reset_password', { email: inbox.address })
  const link = pathOf((await inbox.next({ subject: /new password/i })).link('/reset_password/'))
  const second = { password: 'quite another long one', confirm_password: 'quite another long one' }
  expect((await post(link, second)).status).toBe(303)
  expect((await post(link, second)).status).toBe(410)

  const { password: old } = first
  expect((await post('/auth/login', { email: inbox.address, password: old })).status).toBe(401)
  const { password } = second
  const back = await post('/auth/login', { email: inbox.address, password })
  const Cookie = back.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
  const orders = await shop.fetch('/orders', { headers: { Cookie } })
  expect(await orders.json()).toMatchObject({ account: { address: inbox.address } })
})

/** Sends a form as a browser does. */
function post(path: string, fields: Record<string, string>) {
  return shop.fetch(path, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Sec-Fetch-Site': 'same-origin' },
    body: new URLSearchParams(fields),
  })
}

/** Links lead to PUBLIC_URL; the test's server is elsewhere. */
function pathOf(link: string): string {
  return new URL(link).pathname
}
