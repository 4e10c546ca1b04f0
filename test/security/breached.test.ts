/**
 * A password that is publicly known from a breach is refused wherever one is
 * chosen (NIST SP 800-63B-4 §3.1.1.2; ASVS 5.0 §6.2.12), and somebody who is
 * locked out never waits long for whoever knows. FULL tries each door on each runtime.
 */
import type { RequestListener } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import type { RunningApp } from '../app.ts'
import { dump } from '../database.ts'
import { runtimes } from '../journeys/runtimes.ts'
import { givePerson } from '../person.ts'
import { listed, type RangeApi, sha1Of, startRangeApi } from '../range-api.ts'
import type { Answer } from '../visitor.ts'
import { doorsOn, outcomeOf } from './doors.ts'
import { password, quickHash } from './people.ts'

const breached = 'a password that was stolen'

describe.each(runtimes)('on %s', (runtime, startApp) => {
  let rangeApi: RangeApi
  let mail: MailServer
  let app: RunningApp

  beforeAll(async () => {
    rangeApi = await startRangeApi(listed(breached))
    mail = await startMailServer()
    app = await startApp({ mail, settings: { PWNED_PASSWORDS: rangeApi.url.href } })
  })

  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await mail.stop()
    await rangeApi[Symbol.asyncDispose]()
  })

  beforeEach(() => {
    rangeApi.answer(listed(breached))
  })

  describe.each(doorsOn(runtime))('by %s', (way, door) => {
    /** The places where a password is chosen, each up to the choice. */
    const places: [name: string, begin: () => Promise<(password: string) => Promise<Answer>>][] = [
      [
        'a reset',
        async () => {
          const token = tokenOf(await (await givePerson(app, mail)).askForLink())
          return (password) => door.redeem(app.visitor(), token, password)
        },
      ],
      [
        'a registration',
        async () => {
          const inbox = mail.inbox()
          await app.visitor().post('/register', { email: inbox.address })
          const token = tokenOf((await inbox.next()).link('/register/'))
          return (password) => door.confirm(app.visitor(), token, password)
        },
      ],
      [
        'a change of password',
        async () => {
          const person = await givePerson(app, mail, { password, hash: quickHash })
          const browser = await person.signIn()
          return (password) => door.changePassword(browser, person.password, password)
        },
      ],
    ]

    test.each(places)(
      '%s refuses it beside its field, and five hex characters leave the house',
      async (_place, begin) => {
        const choose = await begin()
        const { account: before } = await dump(app.db)
        rangeApi.seen.length = 0
        const refused = await choose(breached)
        expect(refused.status).toBe(422)
        expectReasonBesideField(refused.body)
        expect((await dump(app.db)).account).toEqual(before)
        expectLittleToLeave()
        expect(outcomeOf(await choose('one that nobody ever stole'))).toBe('taken')
      },
    )

    function expectReasonBesideField(body: string) {
      expect(body).not.toContain(breached)
      const detail = 'This password is known from a data theft elsewhere. Choose another one.'
      if (way === 'JSON') {
        const errors = [{ field: 'password', pointer: '#/password', reason: 'breached', detail }]
        expect(JSON.parse(body)).toMatchObject({ reason: 'refused', errors })
      } else {
        expect(body).toContain(`<strong id="password-problem" class="problem">${detail}</strong>`)
        expect(body).toMatch(/<input id="password"[^>]* aria-invalid="true"/)
      }
    }

    function expectLittleToLeave() {
      const path = `/range/${sha1Of(breached).slice(0, 5)}`
      expect(rangeApi.seen).toMatchObject([{ method: 'GET', path, body: '' }])
      const headers = rangeApi.seen[0]?.headers ?? {}
      expect(headers).toMatchObject({ 'add-padding': 'true' })
      for (const name of ['authorization', 'cookie', 'forwarded', 'referer', 'x-forwarded-for']) {
        expect(headers).not.toHaveProperty(name)
      }
      expect(JSON.stringify(headers)).not.toMatch(/@|stolen|198\.18\./)
    }

    test.each<[string, RequestListener]>([
      ['answers 503', (_request, response) => response.writeHead(503).end()],
      ['hangs up', (request) => request.socket.destroy()],
      ['says nothing for longer than a second', () => {}],
    ])('it is taken everywhere when the range API %s', async (_what, answer) => {
      const choices = await Promise.all(places.map(([, begin]) => begin()))
      rangeApi.answer(answer)
      rangeApi.seen.length = 0
      const started = performance.now()
      const answers = await Promise.all(choices.map((choose) => choose(breached)))
      expect(performance.now() - started).toBeLessThan(4000)
      expect(answers.map(outcomeOf)).toEqual(['taken', 'taken', 'taken'])
      // Deno asks again when somebody hangs up.
      expect(rangeApi.seen.length).toBeGreaterThanOrEqual(3)
    })
  })
})

function tokenOf(link: string): string {
  return link.slice(link.lastIndexOf('/') + 1)
}
