/**
 * The harness in vitest: fixtures, matchers, and a snapshot serializer. The
 * matchers and the serializer have the shape that Jest takes as well.
 */
import { test as base } from 'vitest'
import { startMailServer } from './mail-server.ts'
import type { MailServerOptions } from './options.ts'

export { mailMatchers } from './vitest/matchers.ts'
export { mailSerializer } from './vitest/serializer.ts'

/**
 * A test with `mail`, one server for each worker, and `inbox`, a fresh one for
 * each test. Faults of the inbox end with the test; `mailOptions` may be overridden.
 *
 * @example
 * test('mails a link', async ({ inbox }) => {
 *   await askForReset(inbox.address)
 *   expect(await inbox.next()).toHaveLink('/reset_password/')
 * })
 */
export const test = base
  .extend('mailOptions', { scope: 'worker' }, (): MailServerOptions => ({}))
  .extend('mail', { scope: 'worker' }, async ({ mailOptions }, { onCleanup }) => {
    const mail = await startMailServer(mailOptions)
    onCleanup(() => mail.stop())
    return mail
  })
  .extend('inbox', async ({ mail }, { onCleanup }) => {
    const inbox = mail.inbox()
    onCleanup(() => inbox.heal())
    return inbox
  })
