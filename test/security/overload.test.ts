/**
 * More people than hashes can be computed for: some are told to come back, at
 * both doors, and nobody loses anything by it (ASVS 5.0 §15.1.3). FULL tries each
 * door on each runtime, and a real crowd.
 */
import { describe, expect, test } from 'vitest'
import type { MailServer } from '../../harness/index.ts'
import type { RunningApp } from '../app.ts'
import { dump } from '../database.ts'
import { askForReset, firstPassword, secondPassword, signIn, tokenOf } from '../journeys/steps.ts'
import { runtimes } from '../journeys/runtimes.ts'
import { useApp } from '../use-app.ts'
import type { Answer } from '../visitor.ts'
import { times } from './attackers.ts'
import { type DoorName, doorsOn, inTurn, outcomeOf } from './doors.ts'
import { full } from '../full.ts'

describe.each(runtimes)('on %s', (runtime, startApp) => {
  let mail: MailServer
  let app: RunningApp

  useApp(startApp, (started) => ({ mail, app } = started))

  async function counted() {
    const { audit, limit_window, wrong_password_run } = await dump(app.db)
    return { audit, limit_window, wrong_password_run }
  }

  describe.each(doorsOn(runtime))('by %s, while as many wait as may', (name, door) => {
    test('whoever needs a hash is told to come back, and can', async () => {
      const [inbox, newcomer] = [mail.inbox(), mail.inbox()]
      const browser = await signIn(app, inbox)
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

    test('what is turned away is counted nowhere: right or wrong, nobody has looked at it', async () => {
      const inbox = mail.inbox()
      const browser = await signIn(app, inbox)
      const requests = [firstPassword, 'not the password'].flatMap((password) => [
        () => door.logIn(app.visitor(), inbox.address, password),
        () => door.logIn(app.visitor(), 'nobody@example.test', password),
        () => door.changePassword(browser, password, secondPassword),
      ])
      const before = await counted()
      await app.crowd(true)
      for (const request of requests) expectToComeBack(await request(), name)
      await app.crowd(false)
      expect(await counted()).toEqual(before)
    })

    test('a change of password that waits for the database keeps nobody else from a hash', async () => {
      const [inbox, other] = [mail.inbox(), mail.inbox()]
      const [browser] = [await signIn(app, inbox), await signIn(app, other)]
      const held = await app.hold('INSERT INTO session', 1)
      const slow = door.changePassword(browser, firstPassword, secondPassword)
      await held.all()
      const started = performance.now()
      expect(outcomeOf(await door.logIn(app.visitor(), other.address, firstPassword))).toBe('taken')
      // A head that does not move is put out after two seconds.
      expect(performance.now() - started).toBeLessThan(1_500)
      await held.release()
      expect(outcomeOf(await slow)).toBe('taken')
    })

    test('pages are served, and unknown addresses told the same', async () => {
      const inbox = mail.inbox()
      await signIn(app, inbox)
      await app.crowd(true)
      const known = await door.logIn(app.visitor(), inbox.address, firstPassword)
      const unknown = await door.logIn(app.visitor(), 'nobody@example.test', firstPassword)
      const page = await app.visitor().get('/login')
      await app.crowd(false)
      expect([known.status, known.body]).toEqual([unknown.status, unknown.body])
      expect(page.status).toBe(200)
    })
  })

  test.runIf(full)(
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

function expectToComeBack({ status, headers, body }: Answer, door: DoorName) {
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
