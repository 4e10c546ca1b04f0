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
