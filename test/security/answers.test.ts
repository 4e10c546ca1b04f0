/**
 * What every answer carries, whatever it answers (ASVS 5.0 §3.4, §14.3.2).
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { dump } from '../database.ts'
import { givePerson, type Person } from '../person.ts'
import type { Answer, Visitor } from '../visitor.ts'

let mail: MailServer
let app: App
let person: Person
let browser: Visitor

beforeAll(async () => {
  mail = await startMailServer()
  app = await startApp({ mail })
  person = await givePerson(app, mail)
  browser = await person.logIn()
})

afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await mail.stop()
})

const headers = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
}

function expectSafe(answer: Answer) {
  expect(Object.fromEntries(answer.headers)).toMatchObject(headers)
  const policy = answer.headers.get('Content-Security-Policy') ?? ''
  expect(policy).toMatch(/default-src 'none'/)
  expect(policy).toMatch(/base-uri 'none'/)
  expect(policy).toMatch(/frame-ancestors 'none'/)
  expect(policy).not.toMatch(/unsafe|\*|https?:/)
  if (answer.body === '') return
  expect(answer.headers.get('Content-Type')).toMatch(
    /^(?:text\/(?:html|plain); charset=utf-8|application\/json)/i,
  )
}

const requests: [string, number, () => Promise<Answer>][] = [
  ['GET /', 303, () => app.visitor().get('/')],
  ['GET /login', 200, () => app.visitor().get('/login')],
  ['GET /account', 200, () => browser.get('/account')],
  ['GET /account, signed out', 303, () => app.visitor().get('/account')],
  ['GET /reset_password', 200, () => app.visitor().get('/reset_password')],
  ['GET a link', 200, async () => app.visitor().get(await person.askForLink())],
  ['GET a dead link', 410, () => app.visitor().get('/reset_password/dead')],
  ['GET /healthz', 200, () => app.visitor().get('/healthz')],
  ['GET what is not there', 404, () => app.visitor().get('/nowhere')],
  ['GET /.git/config', 404, () => app.visitor().get('/.git/config')],
  ['an ask', 303, () => app.visitor().post('/reset_password', { email: 'a@example.test' })],
  [
    'a wrong password',
    401,
    () => app.visitor().post('/login', { email: 'a@example.test', password: 'x' }),
  ],
  [
    'a form from elsewhere',
    403,
    () => app.visitor().post('/login', {}, { 'Sec-Fetch-Site': 'cross-site' }),
  ],
  [
    'a form of another type',
    415,
    () => app.visitor().send('/login', { method: 'POST', body: '{}' }),
  ],
  ['a refused value', 422, () => app.visitor().post('/reset_password', { email: '' })],
  ['PUT /login', 404, () => app.visitor().send('/login', { method: 'PUT' })],
  ['OPTIONS /login', 404, () => app.visitor().send('/login', { method: 'OPTIONS' })],
  ['DELETE /account', 404, () => browser.send('/account', { method: 'DELETE' })],
  ['a log-out', 303, async () => (await person.logIn()).post('/logout', {})],
]

test.each(requests)('%s is %i with every header', async (_what, status, request) => {
  const answer = await request()
  expect(answer.status).toBe(status)
  expectSafe(answer)
})

describe('while the database is away', () => {
  test('every page that needs it is 503, says when to come back, and carries every header', async () => {
    await app.door({ away: true })
    const answers = [
      await browser.get('/account'),
      await app.visitor().post('/login', { email: 'a@example.test', password: 'x' }),
      await app.visitor().post('/reset_password', { email: 'a@example.test' }),
      await app.visitor().post('/reset_password/x', { password: 'x', confirm_password: 'x' }),
      await app.visitor().get('/healthz'),
    ]
    const forms = await app.visitor().get('/reset_password')
    await app.door({ away: false })
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503])
    for (const answer of answers.slice(0, 4)) expect(answer.headers.get('Retry-After')).toBe('10')
    for (const answer of answers) expectSafe(answer)
    expect(forms.status).toBe(200)
  })
})

test('wrong settings are a plain 503 to strangers, with every header and no word about which', async () => {
  await using wrong = await startApp({ mail, settings: { SECRET_KEY: 'short' } })
  const answer = await wrong.visitor().get('/login')
  expect(answer.status).toBe(503)
  expect(answer.body).not.toMatch(/secret|key|short/i)
  expectSafe(answer)
})

test('the only style and script that run are ours, by their hashes', async () => {
  for (const path of ['/login', '/reset_password/dead', '/register']) {
    const { body, headers: sent } = await app.visitor().get(path)
    const policy = sent.get('Content-Security-Policy') ?? ''
    const inline = [...body.matchAll(/<(style|script)[^>]*>(.*?)<\/\1>/gs)]
    expect(inline.length).toBeGreaterThanOrEqual(2)
    for (const [, element = '', text = ''] of inline) {
      const hash = createHash('sha256').update(text).digest('base64')
      expect(policy).toContain(`${element}-src 'sha256-${hash}'`)
    }
    expect(body).not.toMatch(/ (?:style|on\w+)="/)
  }
})

test('no page asks anything of a third party', async () => {
  const pages = [
    await app.visitor().get('/login'),
    await browser.get('/account'),
    await app.visitor().get(await person.askForLink()),
  ]
  for (const { body } of pages) {
    expect(body.match(/(?:src|href|action)="(?!\/|data:|#|\?)[^"]*"/g)).toBeNull()
  }
})

test('HEAD is GET without its body, and neither changes anything', async () => {
  const link = await (await givePerson(app, mail)).askForLink()
  await pause(300)
  const { limit_window: _, ...before } = await dump(app.db)
  for (const path of [link, '/login', '/account', '/healthz', '/reset_password/dead', '/logout']) {
    for (const visitor of [app.visitor(), browser]) {
      const [head, get] = [await visitor.send(path, { method: 'HEAD' }), await visitor.get(path)]
      expect([head.status, head.body]).toEqual([get.status, ''])
      expect(get.headers.getSetCookie()).toEqual([])
    }
  }
  const { limit_window: __, ...after } = await dump(app.db)
  expect(after).toEqual(before)
})

describe('nothing sends people elsewhere', () => {
  const targets = [
    'https://evil.example.com',
    '//evil.example.com',
    '/\\evil.example.com',
    'javascript:alert(1)',
  ]

  test.each(targets)('%s as a wish for where to go is ignored', async (target) => {
    const wish = new URLSearchParams({
      next: target,
      redirectTo: target,
      callbackURL: target,
      return_to: target,
    })
    const visitor = app.visitor()
    const login = await visitor.post(`/login?${wish}`, {
      email: person.address,
      password: person.password,
      ...Object.fromEntries(wish),
    })
    expect(login.location).toBe('/account')
    expect((await visitor.get(`/?${wish}`)).location).toBe('/account')
    expect((await app.visitor().get(`/login?${wish}`)).body).not.toContain('evil')
  })

  test('no header of a request gets into a link', async () => {
    const inbox = mail.inbox()
    const poison = {
      'X-Forwarded-Host': 'evil.example.com',
      'X-Host': 'evil.example.com',
      'X-Original-Host': 'evil.example.com',
      'X-Forwarded-Proto': 'http',
      'X-Original-URL': '/evil',
      Forwarded: 'host=evil.example.com;proto=http',
    }
    await app.visitor().post('/register', { email: inbox.address }, poison)
    const message = await inbox.next()
    expect(message.link('/register/')).toMatch(/^https:\/\/id\.example\.test\/register\//)
    expect(message.raw.toString()).not.toMatch(/evil/)
  })

  test('nor does the Host that it names', async () => {
    const inbox = mail.inbox()
    const status = await postAs('evil.example.com', '/register', { email: inbox.address })
    expect(status).toBe(303)
    const message = await inbox.next()
    expect(message.link('/register/')).toMatch(/^https:\/\/id\.example\.test\/register\//)
    expect(message.raw.toString()).not.toMatch(/evil/)
  })
})

/** Sends a form to another host than is named; `fetch` always names the one it sends to. */
async function postAs(host: string, path: string, fields: Record<string, string>) {
  const headers = { Host: host, 'Content-Type': 'application/x-www-form-urlencoded' }
  const sent = request(new URL(path, app.url), { method: 'POST', headers })
  sent.end(new URLSearchParams(fields).toString())
  const [answer] = await once(sent, 'response')
  answer.resume()
  return answer.statusCode
}
