/**
 * What the service answers to what its database would not take, on both runtimes.
 */
import { describe, expect, test } from 'vitest'
import { startMailServer } from '../../harness/index.ts'
import { dump } from '../database.ts'
import { runtimes } from '../journeys/runtimes.ts'

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

describe.each(runtimes)('on %s', (_, startApp) => {
  test.each(Object.entries(misfits))('%s is our fault, not an outage', async (__, sql) => {
    await using mail = await startMailServer()
    await using app = await startApp({ mail })
    await app.db.prepare(sql).run()
    const asked = await app.visitor().post('/reset_password', { email: 'ana@example.test' })
    expect(asked.status).toBe(500)
    expect(asked.headers.has('Retry-After')).toBe(false)
  })
})
