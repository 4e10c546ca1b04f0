/**
 * That every answer is safe, of pages and of JSON, and that nothing leads elsewhere.
 * Those to JSON that is made up from its document are in http/api/openapi.test.ts.
 */
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import type { MailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { dump } from '../database.ts'
import { useApp } from '../use-app.ts'
import { givePerson, type Person } from '../person.ts'
import type { Answer, Visitor, VisitorRequest } from '../visitor.ts'
import { newNetwork, times } from './attackers.ts'
import { type Door, doors } from './doors.ts'
import { expectSafe } from './safe-answer.ts'

let mail: MailServer
let app: App
let person: Person
let browser: Visitor

useApp(startApp, (started) => ({ mail, app } = started))

beforeAll(async () => {
  person = await givePerson(app, mail)
  browser = await person.signIn()
})

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
  ['a log-out', 303, async () => (await person.signIn()).post('/logout', {})],
]

const [, [, json]] = doors

function api(path: string, init?: VisitorRequest): Promise<Answer> {
  return app.visitor().send(`/api/v1${path}`, init)
}

const known = () => [person.address, person.password] as const

const apiRequests: typeof requests = [
  ['GET /api/v1/openapi.json', 200, () => api('/openapi.json')],
  ['an ask over JSON', 202, () => json.ask(app.visitor(), 'a@example.test')],
  ['a log-in over JSON', 201, () => json.logIn(app.visitor(), ...known())],
  ['GET /api/v1/account', 200, () => browser.get('/api/v1/account')],
  [
    'a log-out over JSON',
    204,
    async () => (await person.signIn()).send('/api/v1/sessions/current', { method: 'DELETE' }),
  ],
  ['a body that is none', 400, () => json.ask(app.visitor(), '\n')],
  ['a wrong password over JSON', 401, () => json.logIn(app.visitor(), 'a@example.test', 'x')],
  ['GET /api/v1/account, signed out', 401, () => api('/account')],
  ['JSON for elsewhere', 403, () => api('/account', { headers: { Origin: 'https://evil.test' } })],
  ['GET what is not in the API', 404, () => api('/nowhere')],
  ['GET /api/v1', 404, () => api('')],
  ['PATCH /api/v1/account', 405, () => api('/account', { method: 'PATCH' })],
  ['OPTIONS /api/v1/sessions', 405, () => api('/sessions', { method: 'OPTIONS' })],
  ['a dead link over JSON', 410, () => json.redeem(app.visitor(), 'dead', 'x')],
  ['too much JSON', 413, () => json.ask(app.visitor(), 'a'.repeat(20_000))],
  ['JSON by another name', 415, () => api('/sessions', { method: 'POST', body: '{}' })],
  ['a refused value over JSON', 422, () => json.ask(app.visitor(), 'nobody')],
]

/** The last of more asks than a client has in ten minutes. */
async function askTooOften(door: Door): Promise<Answer> {
  const ip = newNetwork()
  await times(30, () => door.ask(app.visitor(ip), 'a@example.test'))
  return door.ask(app.visitor(ip), 'a@example.test')
}

const tooOften = doors.map(
  ([name, door]) => [`one ask too many by ${name}`, 429, () => askTooOften(door)] as const,
)

test.each([...requests, ...apiRequests, ...tooOften])(
  '%s is %i with every header',
  async (_what, status, request) => {
    const answer = await request()
    expect(answer.status).toBe(status)
    expectSafe(answer)
  },
)

describe('while the database is away', () => {
  test('everything that needs it is 503, says when to come back, and carries every header', async () => {
    await app.door({ away: true })
    const answers = [
      await browser.get('/account'),
      await app.visitor().post('/login', { email: 'a@example.test', password: 'x' }),
      await app.visitor().post('/reset_password', { email: 'a@example.test' }),
      await json.ask(app.visitor(), 'a@example.test'),
      await browser.get('/api/v1/account'),
      await app.visitor().post('/reset_password/x', { password: 'x', confirm_password: 'x' }),
      await app.visitor().get('/healthz'),
    ]
    const forms = await app.visitor().get('/reset_password')
    await app.door({ away: false })
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503))
    for (const answer of answers.slice(0, -1)) expect(answer.headers.get('Retry-After')).toBe('10')
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

/** What a page loads from, links to or posts to another host; `//host` and `/\host` are others, too. */
function askedElsewhere(body: string): string[] {
  return body.match(/(?:src|href|action)="(?!\/(?![/\\])|data:|#|\?)[^"]*"/g) ?? []
}

test.each(['https://cdn.example.com/x.js', '//cdn.example.com/x.js', '/\\cdn.example.com/x.js'])(
  'the control: %s would be found in a page',
  (src) => expect(askedElsewhere(`<script src="${src}"></script>`)).toHaveLength(1),
)

test('no page asks anything of a third party', async () => {
  const pages = [
    await app.visitor().get('/login'),
    await browser.get('/account'),
    await app.visitor().get(await person.askForLink()),
  ]
  for (const { body } of pages) expect(askedElsewhere(body)).toEqual([])
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
})
