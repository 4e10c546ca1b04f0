/**
 * What the service answers to what its database would not take, on both runtimes. Of the
 * two doors, an outage is met by one on workerd and by the other on Deno; by both on
 * each with FULL=1.
 */
import { describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import type { RunningApp } from '../app.ts'
import { dump } from '../database.ts'
import { runtimes } from '../journeys/runtimes.ts'
import { secondPassword } from '../journeys/steps.ts'
import { useApp } from '../use-app.ts'
import { givePerson } from '../person.ts'
import { doorsOn, outcomeOf } from '../security/doors.ts'
import type { Answer } from '../visitor.ts'

const json = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' }

test.each(runtimes)(
  'on %s a text with NUL is refused before anything is stored',
  async (_, startApp) => {
    await using mail = await startMailServer()
    await using app = await startApp({ mail })
    const before = await dump(app.db)
    const visitor = app.visitor()
    const email = 'ana\0@example.test'
    for (const path of ['/login', '/register', '/reset_password']) {
      const fields = { email, password: 'a first long\0 password' }
      expect((await visitor.post(path, path === '/login' ? fields : { email })).status).toBe(400)
    }
    const body = JSON.stringify({ email })
    const asked = await visitor.send('/api/v1/password-resets', {
      method: 'POST',
      body,
      headers: json,
    })
    expect(asked.status).toBe(400)
    expect(await dump(app.db)).toEqual(before)
  },
)

const misfits = {
  'a statement that does not fit the tables': 'ALTER TABLE outbox RENAME TO moved',
  'a row that a table refuses': `CREATE TRIGGER refuse BEFORE INSERT ON outbox
    BEGIN SELECT RAISE(ABORT, 'no more of these'); END`,
}

/** In D1's own words (https://developers.cloudflare.com/d1/observability/debug-d1/), and in SQLite's. */
const outages = [
  'D1_ERROR: Exceeded maximum DB size.',
  'D1_ERROR: database or disk is full: SQLITE_FULL',
  'D1_ERROR: database is locked: SQLITE_BUSY',
]

describe.each(runtimes)('on %s', (runtime, startApp) => {
  test.each(Object.entries(misfits))('%s is our fault, not an outage', async (__, sql) => {
    await using mail = await startMailServer()
    await using app = await startApp({ mail })
    await app.db.prepare(sql).run()
    const asked = await app.visitor().post('/reset_password', { email: 'ana@example.test' })
    expect(asked.status).toBe(500)
    expect(asked.headers.has('Retry-After')).toBe(false)
  })

  describe('a database that takes no more', () => {
    let mail: MailServer
    let app: RunningApp
    useApp(startApp, (started) => ({ mail, app } = started))

    const cases = outages.flatMap((words, at) =>
      doorsOn(runtime, at % 2 === 0 ? 'a form' : 'JSON').map(([by, door]) => ({ by, door, words })),
    )

    test.each(cases)('turns people away by $by, and they lose nothing: $words', async (each) => {
      const { door, words } = each
      const person = await givePerson(app, mail)
      const { address, password } = person
      const token = (await person.askForLink()).split('/').at(-1) ?? ''
      const logIn = () => door.logIn(app.visitor(), address, password)
      const redeem = () => door.redeem(app.visitor(), token, secondPassword)
      const turnedAway = async (sql: string, request: () => Promise<Answer>) => {
        await app.failAt(sql, words)
        const { status, headers } = await request()
        expect([status, headers.get('Retry-After')]).toEqual([503, '10'])
      }

      const { session } = await dump(app.db)
      await turnedAway('INTO session', logIn)
      expect((await dump(app.db)).session).toEqual(session)
      await turnedAway('UPDATE account SET password_hash', redeem)
      expect(outcomeOf(await logIn())).toBe('taken')
      expect(outcomeOf(await redeem())).toBe('taken')
    })
  })
})
