/** A delivery that fails for a reason nobody thought of takes nothing with it. */
import { expect, test } from 'vitest'
import { startMailServer } from '../../harness/index.ts'
import { runtimes } from '../journeys/runtimes.ts'

test.each(runtimes)(
  'on %s the service goes on, and the mail goes out later',
  async (_, startApp) => {
    await using mail = await startMailServer()
    let output = ''
    await using app = await startApp({ mail, onOutput: (text) => (output += text) })
    const inbox = mail.inbox()
    await app.db
      .prepare(
        `CREATE TRIGGER refuse BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'no more of these'); END`,
      )
      .run()
    expect((await app.visitor().post('/register', { email: inbox.address })).status).toBe(303)
    await expect
      .poll(() => output, { timeout: 10_000 })
      .toMatch(/"event":"delivery-failed".*no more of these/)
    expect((await app.visitor().get('/healthz')).status).toBe(200)
    await app.db.prepare(`DROP TRIGGER refuse`).run()
    await app.sweep()
    await inbox.next({ subject: /registration/i })
  },
)

test.each(runtimes)(
  'on %s a mail that cannot be written waits, and holds no other up',
  async (_, startApp) => {
    await using mail = await startMailServer()
    let output = ''
    await using app = await startApp({ mail, onOutput: (text) => (output += text) })
    const [fine, unwritable] = [mail.inbox(), 'unwritable-ada@example.test']
    const insert = app.db.prepare(
      `INSERT INTO outbox (id, purpose, address, address_key, locale, next_attempt_at, created_at)
       VALUES (?1, 'register', ?2, ?2, 'en', 0, ?3)`,
    )
    const now = Math.floor(Date.now() / 1000)
    await app.db.batch([insert.bind('a', unwritable, now), insert.bind('b', fine.address, now)])
    await app.sweep()
    await fine.next({ subject: /registration/i })
    const row = await app.db.prepare(`SELECT state, last_reply FROM outbox WHERE id = 'a'`).first()
    expect(row).toEqual({
      state: 'waiting',
      last_reply: 'not written: Error: No words for [redacted]',
    })
    expect(output).not.toContain(unwritable)
  },
)

test.each(runtimes)(
  'on %s what a server says names nobody, not even who mail is passed on to',
  async (_, startApp) => {
    await using mail = await startMailServer()
    let output = ''
    await using app = await startApp({ mail, onOutput: (text) => (output += text) })
    const passedOn = 'ada.private@elsewhere.test'
    for (const code of [550, 451]) {
      using _staged = mail.fail({ at: 'rcpt', code, text: `5.1.1 <${passedOn}>: no such mailbox` })
      await app.visitor().post('/register', { email: `a${code}@example.test` })
      await expect.poll(() => output, { timeout: 10_000 }).toContain(`${code} 5.1.1`)
    }
    expect(output).toContain('<[address]>: no such mailbox')
    const { results } = await app.db.prepare(`SELECT last_reply FROM outbox`).all()
    expect(`${JSON.stringify(results)} ${output}`).not.toContain(passedOn)
  },
)
