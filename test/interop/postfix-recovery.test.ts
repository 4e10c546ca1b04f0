/**
 * The whole service, with a real Postfix between it and the person: what they
 * open is what lies in their Maildir.
 */
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApp, type App } from '../app.ts'
import type { Visitor } from '../visitor.ts'
import { password, startPostfix, user, type Postfix } from './postfix.ts'

const firstPassword = 'a first long password'
const secondPassword = 'quite another long one'

let postfix: Postfix
beforeAll(async () => {
  postfix = await startPostfix(['ana', 'bo', 'grey', 'late'].map((name) => `${name}@example.test`))
})
afterAll(() => postfix?.[Symbol.asyncDispose]())

test('a person gets back in by a mail that came over STARTTLS and a log-in', async () => {
  await using app = await startService({ MAIL_USE_TLS: '1', MAIL_PORT: `${postfix.submission}` })
  await register(app, 'ana@example.test')
  await expectReset(app, 'ana@example.test')
})

test('a person gets back in by a mail that came over implicit TLS', async () => {
  await using app = await startService({ MAIL_USE_SSL: '1', MAIL_PORT: `${postfix.smtps}` })
  await register(app, 'bo@example.test')
  await expectReset(app, 'bo@example.test')
})

test('greylisting delays the mail and loses none', async () => {
  await using app = await startService({ MAIL_USE_TLS: '1', MAIL_PORT: `${postfix.submission}` })
  postfix.policy.greylisted.add('grey@example.test')
  await app.visitor().post('/register', { email: 'grey@example.test' })
  await outboxShows(app, 'grey@example.test', { state: 'waiting', last_reply: /450 4\.2\.0/ })
  expect(await postfix.mailbox('grey@example.test')).toEqual([])
  await app.advance(3_600)
  await app.sweep()
  await linkTo('grey@example.test', '/register/')
})

test('a Postfix that is away delays the mail and loses none', async () => {
  await using app = await startService({ MAIL_USE_TLS: '1', MAIL_PORT: `${postfix.submission}` })
  await postfix.stop()
  await app.visitor().post('/register', { email: 'late@example.test' })
  await outboxShows(app, 'late@example.test', { state: 'waiting', last_reply: /^connect failed/ })
  await postfix.start()
  await app.advance(3_600)
  await app.sweep()
  await linkTo('late@example.test', '/register/')
})

test('an unknown user ends as failed, with what Postfix said', async () => {
  await using app = await startService({ MAIL_USE_TLS: '1', MAIL_PORT: `${postfix.submission}` })
  await app.visitor().post('/register', { email: 'nobody@example.test' })
  await outboxShows(app, 'nobody@example.test', { state: 'failed', last_reply: /550 5\.1\.1/ })
})

function startService(settings: Record<string, string>) {
  const mail = { smtp: { host: 'localhost', port: 0 } }
  const login = { MAIL_USERNAME: user, MAIL_PASSWORD: password }
  return startApp({ mail, settings: { ...login, ...settings } })
}

async function register(app: App, email: string): Promise<void> {
  const visitor = app.visitor()
  await visitor.post('/register', { email })
  const link = await linkTo(email, '/register/')
  const form = { username: 'Ana', password: firstPassword, confirm_password: firstPassword }
  expect(await visitor.post(link, form)).toMatchObject({ status: 303 })
  await logIn(visitor, email, firstPassword)
}

async function expectReset(app: App, email: string): Promise<void> {
  const visitor = app.visitor()
  await visitor.post('/reset_password', { email })
  const link = await linkTo(email, '/reset_password/')
  const form = { password: secondPassword, confirm_password: secondPassword }
  expect(await visitor.post(link, form)).toMatchObject({ status: 303 })
  await logIn(visitor, email, secondPassword)
}

async function logIn(visitor: Visitor, email: string, secret: string): Promise<void> {
  const answer = await visitor.post('/login', { email, password: secret })
  expect(answer).toMatchObject({ status: 303, location: '/account' })
}

/** The link in the mail that lies in the Maildir, once it lies there. */
async function linkTo(address: string, path: string): Promise<string> {
  const link = () => findLink(address, path)
  await expect.poll(link, { timeout: 20_000 }).toBeDefined()
  return (await link()) ?? ''
}

/** Alone on its line in the text, and the same in the HTML. */
async function findLink(address: string, path: string): Promise<string | undefined> {
  const mails = await Promise.all(
    (await postfix.mailbox(address)).map((raw) => PostalMime.parse(raw)),
  )
  for (const { text = '', html = '' } of mails) {
    const line = text.split('\n').find((line) => line.startsWith('https://') && line.includes(path))
    if (line !== undefined && html.includes(`"${line}"`)) return line
  }
  return undefined
}

interface OutboxRow {
  state: string
  last_reply: string | null
}

async function outboxShows(
  app: App,
  address: string,
  expected: { state: string; last_reply: RegExp },
) {
  const select = app.db
    .prepare(`SELECT state, last_reply FROM outbox WHERE address = ?1`)
    .bind(address)
  const row = () => select.first<OutboxRow>()
  await expect.poll(row, { timeout: 20_000 }).toMatchObject({
    state: expected.state,
    last_reply: expect.stringMatching(expected.last_reply),
  })
  expect((await row())?.last_reply).not.toContain(address)
}
