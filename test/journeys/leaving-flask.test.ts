/**
 * People of a Flask app, whose maker has moved on, notice nothing. The files are
 * what test/interop/flask/app.py made once, with Debian's packages. FULL has people of
 * each app come to both runtimes.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { type Runtime, runtimes } from './runtimes.ts'
import { expectLogIns, expectReset, type FlaskApp, flaskApps, takeOver } from './leaving-flask.ts'
import { full } from '../full.ts'

const folder = 'test/fixtures/flask'
const apps: FlaskApp[] = ['flaskblog-old', 'flaskblog', 'microblog']
/** What reads them is the same code on both. */
const comeTo: Record<Runtime, FlaskApp[]> = {
  workerd: full ? apps : ['flaskblog-old', 'microblog'],
  Deno: full ? apps : ['flaskblog'],
}

let mail: MailServer
beforeAll(async () => {
  mail = await startMailServer()
})
afterAll(() => mail.stop())

describe.each(runtimes)('on %s', (runtime, startApp) => {
  describe.each(comeTo[runtime])('who comes from a %s', (name) => {
    test('finishes a reset that was begun there, while its link lives', async () => {
      const taken = await takeOver(folder, name, { mail, startApp })
      await using _app = taken.app
      await expectReset(taken)
    })

    test('finds the link dead when its half hour is over', async () => {
      const { app, made, link } = await takeOver(folder, name, { mail, startApp })
      await using _app = app
      expect((await app.visitor().get(link)).status).toBe(200)
      await app.advance(made.lifetime + 1)
      expect((await app.visitor().get(link)).status).toBe(410)
    })
  })

  const newer = comeTo[runtime].filter((name) => name !== 'flaskblog-old')

  describe.each(newer)('who comes from a %s', (name) => {
    /** Seconds of PBKDF2 in JavaScript, and the machine may be busy: one person will do. */
    const slow = { timeout: 60_000 }

    test('logs in with the old password, whose hash is replaced', slow, async () => {
      const taken = await takeOver(folder, name, { mail, startApp })
      await using _app = taken.app
      await expectLogIns(taken, flaskApps[name], { many: full ? 2 : 1 })
    })
  })
})
