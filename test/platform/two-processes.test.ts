/** Two Deno processes on one database file keep every promise of one. */
import { expect, test } from 'vitest'
import { startMailServer } from '../../harness/index.ts'
import { startDenoApp } from '../deno-app.ts'
import { askForReset, choosePassword, logIn, signUp } from '../journeys/steps.ts'

test('of posts of one link to both, one wins and one notice is mailed', async () => {
  await using mail = await startMailServer()
  await using first = await startDenoApp({ mail })
  await using second = await startDenoApp({ mail, database: first.database })
  const inbox = mail.inbox()
  await signUp(first, inbox)
  const link = await askForReset(second.visitor(), inbox)
  const passwords = Array.from({ length: 20 }, (_, index) => `the password of post ${index}`)
  const answers = await Promise.all(
    passwords.map((password, index) =>
      choosePassword((index % 2 === 0 ? first : second).visitor(), link, password),
    ),
  )
  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
  expect(statuses).toEqual([303, ...Array<number>(19).fill(410)])
  await inbox.next({ subject: /was changed/i })
  await inbox.none()
  const winner = passwords.find((_, index) => answers[index]?.status === 303)
  await logIn(second.visitor(), inbox.address, winner ?? '')
})

test('mail that waits is delivered once, though both sweep at once', async () => {
  await using mail = await startMailServer()
  await using first = await startDenoApp({ mail })
  await using second = await startDenoApp({ mail, database: first.database })
  const away = mail.fail({ at: 'connect', drop: true })
  const inboxes = Array.from({ length: 10 }, () => mail.inbox())
  for (const { address } of inboxes) await first.visitor().post('/register', { email: address })
  const tried = first.db.prepare(
    'SELECT count(*) AS count FROM outbox WHERE last_reply IS NOT NULL',
  )
  const triedAll = async () => (await tried.first('count')) === inboxes.length
  await expect.poll(triedAll, { timeout: 10_000 }).toBe(true)
  away.remove()
  await Promise.all([first.advance(3600), second.advance(3600)])
  await Promise.all([first.sweep(), second.sweep()])
  for (const inbox of inboxes) {
    await inbox.next({ subject: /registration/i })
    await inbox.none()
  }
})
