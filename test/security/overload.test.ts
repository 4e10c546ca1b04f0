/**
 * More people than hashes can be computed for: some are told to come back, at
 * both doors, and nobody loses anything by it (ASVS 5.0 §15.1.3).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import type { RunningApp } from '../app.ts'
import { dump } from '../database.ts'
import { askForReset, firstPassword, secondPassword, signUp } from '../journeys/steps.ts'
import { runtimes } from '../journeys/runtimes.ts'
import type { Answer } from '../visitor.ts'
import { times } from './attackers.ts'
import { doors, inTurn, outcomeOf } from './doors.ts'

describe.each(runtimes)('on %s', (_, startApp) => {
  let mail: MailServer
  let app: RunningApp

  beforeAll(async () => {
    mail = await startMailServer()
    app = await startApp({ mail })
  })

  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await mail.stop()
  })

  describe.each(doors)('by %s, while as many wait as may', (name, door) => {
    test('whoever needs a hash is told to come back, and can', async () => {
      const [inbox, newcomer] = [mail.inbox(), mail.inbox()]
      const browser = await signUp(app, inbox)
      const reset = tokenOf(await askForReset(app.visitor(), inbox))
      await door.register(app.visitor(), newcomer.address)
      const registration = tokenOf((await newcomer.next()).link('/register/'))
      const redeem = () => door.redeem(app.visitor(), reset, secondPassword)
      const confirm = () => door.confirm(app.visitor(), registration, firstPassword)
      const requests = [
        () => door.logIn(app.visitor(), inbox.address, firstPassword),
        () => door.changePassword(browser, firstPassword, secondPassword),
        ...[redeem, confirm],
      ]
      for (const request of requests) {
        const { account, session } = await dump(app.db)
        await app.crowd(true)
        expectToComeBack(await request(), name)
        await app.crowd(false)
        expect(await dump(app.db)).toMatchObject({ account, session })
      }
      expect(outcomeOf(await redeem())).toBe('taken')
      expect(outcomeOf(await confirm())).toBe('taken')
    })

    test('a log-in that is turned away is counted nowhere', async () => {
      const inbox = mail.inbox()
      await signUp(app, inbox)
      const { audit, limit_window, wrong_password_run } = await dump(app.db)
      await app.crowd(true)
      expectToComeBack(await door.logIn(app.visitor(), inbox.address, firstPassword), name)
      await app.crowd(false)
      expect(await dump(app.db)).toMatchObject({ audit, limit_window, wrong_password_run })
    })

    test('pages are served, and unknown addresses told the same', async () => {
      const inbox = mail.inbox()
      await signUp(app, inbox)
      await app.crowd(true)
      const known = await door.logIn(app.visitor(), inbox.address, firstPassword)
      const unknown = await door.logIn(app.visitor(), 'nobody@example.test', firstPassword)
      const page = await app.visitor().get('/login')
      await app.crowd(false)
      expect([known.status, known.body]).toEqual([unknown.status, unknown.body])
      expect(page.status).toBe(200)
    })
  })

  test.runIf(process.env['FULL'] === '1')(
    'a real crowd is hashed for as far as it goes, the rest is turned away',
    { timeout: 120_000 },
    async () => {
      const answers = await times(130, (i) =>
        inTurn(i).logIn(app.visitor(), `crowd${i}@example.test`, 'not the password'),
      )
      const refused = answers.filter(({ status }) => status === 503)
      expect(refused.length).toBeGreaterThan(0)
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(130 - refused.length)
      for (const { headers } of refused) expect(headers.get('Retry-After')).toBe('2')
    },
  )
})

function expectToComeBack({ status, headers, body }: Answer, door: (typeof doors)[number][0]) {
  expect(status).toBe(503)
  expect(headers.get('Retry-After')).toBe('2')
  if (door === 'a form') {
    expect(headers.get('Content-Type')).toMatch(/^text\/html/)
    expect(body).toContain('Very busy right now')
  } else {
    expect(headers.get('Content-Type')).toBe('application/problem+json')
    expect(JSON.parse(body)).toMatchObject({ status: 503, reason: 'overloaded' })
  }
}

function tokenOf(link: string): string {
  return link.slice(link.lastIndexOf('/') + 1)
}
