/**
 * Failures that quote what a request held: none of it gets into a log line, an
 * error mail or a row, whatever it looks like (ASVS 5.0 §16.2.5, §16.5.1). FULL
 * tries each door on each runtime.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import type { RunningApp } from '../app.ts'
import { dump } from '../database.ts'
import { askForReset, firstPassword, signIn } from '../journeys/steps.ts'
import { runtimes } from '../journeys/runtimes.ts'
import type { Answer, Visitor } from '../visitor.ts'
import { doorsOn, outcomeOf } from './doors.ts'

const admin = 'admin@example.test'
const chosen = 'all words, none with a digit'
/** Short, without digits, or with nothing about it that a pattern could know. */
const odd = {
  word: 'hunter',
  short: 'xq',
  letters: 'abcdefghijklmnopqrstuvwxyz',
  text: 'pa"ss wörd',
}

describe.each(runtimes)('on %s', (runtime, startApp) => {
  let mail: MailServer
  let app: RunningApp
  let signedIn: Visitor
  let address = ''
  let output = ''

  beforeAll(async () => {
    mail = await startMailServer()
    const settings = { ADMINS: admin, RESET_TOKEN_TTL: String(24 * 3600) }
    app = await startApp({ mail, settings, onOutput: (text) => (output += text) })
    const inbox = mail.inbox()
    address = inbox.address
    signedIn = await signIn(app, inbox)
  })

  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await mail.stop()
  })

  /** What opens an account. */
  async function entrances() {
    const { account, session } = await dump(app.db)
    return { account, sessions: session.map(({ secret_hash }) => secret_hash) }
  }

  /** The first statement of the request that holds `sql` fails, and quotes every one of `secrets`. */
  async function expectSilence(
    sql: string,
    secrets: readonly string[],
    request: () => Promise<Answer>,
  ) {
    await app.advance(3601) // or the report of an hour ago stands for this one
    const inbox = mail.inbox(admin)
    output = ''
    const before = await entrances()
    await app.failAt(sql, `Cannot do it: ${quote(secrets)} here`)
    const answer = await request()
    expect(answer.status).toBe(500)
    await app.sweep()
    const report = await inbox.next({ subject: /went wrong/i })
    await expect.poll(() => output, { timeout: 10_000 }).toContain('request-failed')
    expect(output).toContain('Cannot do it: ')
    expect(report.text).toContain('Cannot do it: ')
    expect(await entrances()).toEqual(before)
    const { outbox, audit } = await dump(app.db)
    const rows = JSON.stringify([
      audit,
      outbox.map(({ detail, last_reply }) => [detail, last_reply]),
    ])
    for (const text of [output, report.text, report.html ?? '', rows, answer.body]) {
      for (const secret of secrets) expect(quoted(text, secret), `${secret} in ${text}`).toBe(false)
    }
  }

  describe.each(doorsOn(runtime, 'JSON'))('by %s', (_door, door) => {
    test('address and password of a log-in', async () => {
      for (const password of [firstPassword, ...Object.values(odd)]) {
        await expectSilence('wrong_password_run', [address, password], () =>
          door.logIn(app.visitor(), address, password),
        )
      }
    })

    test('what was typed in place of an address', async () => {
      await expectSilence('wrong_password_run', [odd.word], () =>
        door.logIn(app.visitor(), odd.word, 'whatever it is'),
      )
    })

    test('the address of an ask', async () => {
      const asked = 'ünïcode+tag@exämple.test'
      await expectSilence('INTO outbox', [asked], () => door.ask(app.visitor(), asked))
    })

    test('token and password of a link', async () => {
      const link = await askForReset(app.visitor(), mail.inbox(address))
      const token = link.split('/').at(-1) ?? ''
      await expectSilence('UPDATE account', [token, chosen], () =>
        door.redeem(app.visitor(), token, chosen),
      )
      expect((await app.visitor().get(link)).status).toBe(200)
      expect(outcomeOf(await door.logIn(app.visitor(), address, chosen))).toBe('refused')
      await app.db.prepare(`UPDATE outbox SET counted_at = 1 WHERE counted_at IS NOT NULL`).run()
    })

    test('a token that is none', async () => {
      for (const token of [odd.letters, odd.short]) {
        await expectSilence('INTO audit', [token, chosen], () =>
          door.redeem(app.visitor(), token, chosen),
        )
      }
    })

    test('cookie and both passwords of a change', async () => {
      const cookie = signedIn.cookie('__Host-session') ?? ''
      const secrets = [cookie, odd.text, chosen]
      await expectSilence('INTO audit', secrets, () =>
        door.changePassword(signedIn, odd.text, chosen),
      )
    })
  })

  test('a cookie of letters, the query, and a credential', async () => {
    const cookie = odd.letters.repeat(2).slice(0, 43)
    const headers = { Cookie: `__Host-session=${cookie}; other=${odd.word}` }
    await expectSilence('FROM session', [cookie, odd.word, odd.short], () =>
      app.visitor().get(`/account?x=${odd.short}`, headers),
    )
    await expectSilence('FROM session', [cookie], () =>
      app.visitor().get('/api/v1/account', { Authorization: `Bearer ${cookie}` }),
    )
  })
})

/** Raw, and as URLs and JSON have it. */
function quote(secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret)])
    .join(' and ')
}

function quoted(text: string, secret: string): boolean {
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
  if (secret.length > 3)
    return forms.some((form) => text.toLowerCase().includes(form.toLowerCase()))
  return new RegExp(`(?<![\\p{L}\\p{N}])${secret}(?![\\p{L}\\p{N}])`, 'u').test(text)
}
