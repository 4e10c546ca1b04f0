/**
 * What the operator is told, and what nobody else is.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { untilRecorded } from '../journeys/steps.ts'
import { untilQuiet } from '../until-quiet.ts'

const admin = 'admin@example.test'
const monitor = { Authorization: 'Bearer a token for the monitor' }
let mail: MailServer
let app: App

beforeAll(async () => {
  mail = await startMailServer()
  app = await startApp({
    mail,
    settings: { ADMINS: admin, HEALTH_TOKEN: 'a token for the monitor' },
  })
})

afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await mail.stop()
})

describe('GET /healthz', () => {
  test('tells everybody that it runs, and only the monitor how the outbox is', async () => {
    using _ = mail.fail({ at: 'rcpt', to: 'waits@example.test', code: 451 })
    await app.visitor().post('/register', { email: 'waits@example.test' })
    const open = JSON.parse((await app.visitor().get('/healthz')).body)
    expect(open).toEqual({ ok: true, version: expect.any(String), database: 'ok' })
    const wrong = await app.visitor().get('/healthz', { Authorization: 'Bearer another token' })
    expect(JSON.parse(wrong.body)).toEqual(open)
    const { outbox } = JSON.parse((await app.visitor().get('/healthz', monitor)).body)
    expect(outbox).toEqual({ waiting: 1, failed: 0, oldestSeconds: expect.any(Number) })
  })

  test('does not read the outbox for a stranger, so that neither time nor work can tell of it', async () => {
    await untilQuiet(app)
    const held = await app.hold('FROM outbox', 1)
    const { statements } = await app.door({})
    const stranger = await app.visitor().get('/healthz')
    expect(stranger.status).toBe(200)
    expect((await app.door({})).statements - statements).toBe(1)
    const forMonitor = app.visitor().get('/healthz', monitor)
    await held.all()
    await held.release()
    expect(JSON.parse((await forMonitor).body)).toHaveProperty('outbox')
  })

  test('says 503 and when to come back while the database is away, and nothing about why', async () => {
    await app.door({ away: true })
    const [stranger, operator] = [
      await app.visitor().get('/healthz'),
      await app.visitor().get('/healthz', monitor),
    ]
    await app.door({ away: false })
    expect(stranger).toMatchObject({ status: 503, body: operator.body })
    expect(stranger.headers.get('Retry-After')).toBe('10')
    expect(JSON.parse(stranger.body)).toEqual({
      ok: false,
      version: expect.any(String),
      database: 'away',
    })
  })
})

describe('ADMINS are mailed', () => {
  test('once an hour when mail is refused, without the address', async () => {
    using _ = mail.fail({
      at: 'rcpt',
      to: /@refused\.test$/,
      code: 550,
      text: '5.1.1 no such user',
    })
    for (const name of ['one', 'two', 'three']) {
      await app.visitor().post('/register', { email: `${name}@refused.test` })
      await app.sweep()
    }
    await app.sweep()
    const inbox = mail.inbox(admin)
    const report = await inbox.next({ subject: /went wrong/i })
    expect(report.text).toContain('RCPT refused: 550 5.1.1')
    expect(report.text).not.toMatch(/(one|two|three)@refused/)
    await inbox.none()
  })

  test('by the delivery whose mail was refused, which has nothing else to wake for', async () => {
    await app.db.prepare(`DELETE FROM limit_window`).run() // one report an hour
    using _ = mail.fail({ at: 'rcpt', to: 'four@refused.test', code: 550 })
    await app.visitor().post('/register', { email: 'four@refused.test' })
    const report = await mail.inbox(admin).next({ subject: /went wrong/i })
    expect(report.text).toContain('RCPT refused: 550')
  })

  test('when mail has waited for long', async () => {
    await app.visitor().post('/register', { email: 'slow@example.test' })
    await untilRecorded(app, 'slow@example.test')
    await app.db
      .prepare(
        `UPDATE outbox SET state = 'waiting', created_at = created_at - 1000, next_attempt_at = ?1
                WHERE address_key = 'slow@example.test'`,
      )
      .bind(Math.floor(Date.now() / 1000) + 10_000)
      .run()
    await app.sweep()
    await app.sweep()
    const report = await mail.inbox(admin).next({ subject: /went wrong/i })
    expect(report.text).toMatch(/mails? waits?, the oldest for \d+ seconds/)
  })

  test('when the service itself fails, and the person gets a page', async () => {
    await app.db.prepare(`ALTER TABLE wrong_password_run RENAME TO hidden`).run()
    const email = 'somebody@example.test'
    const answer = await app.visitor().post('/login', { email, password: 'a long enough password' })
    await app.db.prepare(`ALTER TABLE hidden RENAME TO wrong_password_run`).run()
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(answer.body).not.toMatch(/wrong_password_run|SQLITE|D1_ERROR/)
    await app.sweep()
    const report = await mail.inbox(admin).next({ subject: /went wrong/i })
    expect(report.text).toContain('POST /login failed')
    expect(report.text).not.toContain(email)
  })
})
