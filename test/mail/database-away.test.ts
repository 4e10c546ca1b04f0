/**
 * The database is away for a moment while mail is delivered: no row waits for
 * its lease, and nothing is mailed twice.
 */
import { expect, test } from 'vitest'
import { startMailServer } from '../../harness/index.ts'
import { startApp } from '../app.ts'
import { untilRecorded } from '../journeys/steps.ts'

const steps = [
  ['claims', 'UPDATE outbox SET leased_until'],
  ['ends', 'UPDATE outbox SET state'],
] as const

test.each(steps)(
  'a database that is away while a delivery %s a row is asked again',
  async (_, sql) => {
    await using mail = await startMailServer()
    await using app = await startApp({ mail })
    const inbox = mail.inbox()
    await app.door({ hold: sql })
    expect(await app.visitor().post('/register', { email: inbox.address })).toMatchObject({
      status: 303,
    })
    await expect.poll(async () => (await app.door({})).held).toBe(1)
    await app.door({ away: true, hold: '' })
    expect((await app.visitor().get('/healthz')).status).toBe(503)
    await app.door({ away: false })
    await inbox.next()
    await untilRecorded(app)
    const row = await app.db.prepare('SELECT state, attempts FROM outbox').first()
    expect(row).toEqual({ state: 'done', attempts: 1 })
    await inbox.none()
  },
)
