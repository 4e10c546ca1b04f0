/**
 * Wrong input to every form: the page with the reason and a 4xx, never a 500,
 * and nothing in the database has changed.
 */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { MailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { useApp } from '../use-app.ts'
import { givePerson } from '../person.ts'
import { tokenOf, untilRecorded } from '../journeys/steps.ts'
import { type Door, doors } from '../security/doors.ts'
import type { Visitor, VisitorRequest } from '../visitor.ts'
import { type Dump, dump } from '../database.ts'

let mail: MailServer
let app: App
let signedIn: Visitor
let links: { reset: string; register: string }
let before: Omit<Dump, 'limit_window'>

useApp(startApp, (started) => ({ mail, app } = started), { settings: { LIMIT_LINK: '1000000' } })

beforeAll(async () => {
  const person = await givePerson(app, mail)
  signedIn = await person.signIn()
  links = { reset: await person.askForLink(), register: await askToRegister() }
})

beforeEach(async () => {
  await untilRecorded(app)
  before = await dumpWhatCounts()
})

async function askToRegister(): Promise<string> {
  const inbox = mail.inbox()
  await app.visitor().post('/register', { email: inbox.address })
  return (await inbox.next()).link('/register/')
}

/** Everything but what counts attempts. */
async function dumpWhatCounts() {
  const { limit_window: _, ...tables } = await dump(app.db)
  return tables
}

const password = 'a new long password'
const fields = {
  '/login': { email: 'ana@example.test', password },
  '/register': { email: 'ana@example.test' },
  '/reset_password': { email: 'ana@example.test' },
  '/register/:token': { username: 'Ana', password, confirm_password: password },
  '/reset_password/:token': { password, confirm_password: password },
  '/account/password': { current_password: password, password, confirm_password: password },
  '/account/sessions/revoke': { all: '1' },
  '/logout': {},
} as const

type Form = keyof typeof fields

const forms = Object.keys(fields).filter((path): path is Form => Object.hasOwn(fields, path))

function pathOf(form: Form): string {
  if (form === '/register/:token') return new URL(links.register).pathname
  return form === '/reset_password/:token' ? new URL(links.reset).pathname : form
}

function send(form: Form, init: VisitorRequest) {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', ...init.headers }
  const visitor = form.startsWith('/account') || form === '/logout' ? signedIn : app.visitor()
  return visitor.send(pathOf(form), { method: 'POST', ...init, headers })
}

async function expectNothingHappened() {
  expect(await dumpWhatCounts()).toEqual(before)
}

describe.each(forms)('POST %s', (form) => {
  const good = new URLSearchParams(fields[form]).toString()

  const malformed: [string, number, BodyInit][] = [
    ['a megabyte', 413, 'x='.padEnd(1_000_000, 'a')],
    ['one byte over 16 KB', 413, 'x='.padEnd(16 * 1024 + 1, 'a')],
    ['a field given twice', 400, `${good}&twice=1&twice=2`],
    ['an array of a field', 400, `${good}&email[]=a@example.test&email[]=b@example.test`],
    ['one element of an array', 400, `${good}&email[]=a@example.test`],
    ['a nested field', 400, `${good}&account[role]=admin`],
    ['invalid UTF-8', 400, `${good}&x=%ff%fe`],
    ['raw invalid UTF-8', 400, new Uint8Array([0x78, 0x3d, 0xff, 0xfe])],
    ['an overlong encoding', 400, `${good}&x=%c0%af`],
    ['half a surrogate pair', 400, `${good}&x=%ed%a0%80`],
    ['a lone percent', 400, `${good}&x=100%`],
    ['half an escape', 400, `${good}&x=%4`],
    ['a name that is no UTF-8', 400, `${good}&%ff=1`],
  ]

  test('a body that is not exactly a form of ours is refused, with a page', async () => {
    for (const [what, status, body] of malformed) {
      const answer = await send(form, { body })
      expect({ what, status: answer.status }).toEqual({ what, status })
      expect(answer.body).toContain('<h1>')
    }
    await expectNothingHappened()
  })

  test('a body of another type is 415', async () => {
    const json = 'application/json'
    const types = ['text/plain', json, 'multipart/form-data; boundary=x', '', 'x'.repeat(5000)]
    for (const type of types) {
      const body = new TextEncoder().encode(good)
      const answer = await send(form, { body, headers: { 'Content-Type': type } })
      expect({ type, status: answer.status }).toEqual({ type, status: 415 })
    }
    await expectNothingHappened()
  })

  test('from another site is 403, whatever the browser says besides', async () => {
    const foreign = [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://id.example.test' },
      { 'Sec-Fetch-Site': 'nonsense' },
      { 'Sec-Fetch-Site': 'cross-site', Origin: 'null' },
      { Origin: 'https://evil.example.com' },
      { Origin: 'http://id.example.test' },
      { Origin: 'https://id.example.test.evil.example.com' },
    ]
    for (const headers of foreign) {
      expect((await send(form, { body: good, headers })).status).toBe(403)
    }
    await expectNothingHappened()
  })

  test('with Origin: null is taken only where a token is the authority', async () => {
    // Looked at, and refused for what it holds.
    const mismatched = `${good.replace(/&confirm_password=.*/, '')}&confirm_password=another`
    const [body, status] = form.endsWith('/:token') ? [mismatched, 422] : [good, 403]
    expect((await send(form, { body, headers: { Origin: 'null' } })).status).toBe(status)
    await expectNothingHappened()
  })
})

describe('a field that holds', () => {
  const addresses: [string, number, string][] = [
    ['nothing', 422, ''],
    ['spaces', 422, '   '],
    ['no address', 422, 'ana'],
    ['two addresses with a comma', 422, 'a@example.test,b@example.test'],
    ['two addresses with a semicolon', 422, 'a@example.test;b@example.test'],
    ['two addresses with a space', 422, 'a@example.test b@example.test'],
    ['a display name', 422, 'Ana <a@example.test>'],
    ['10 KB', 422, `${'a'.repeat(10_000)}@example.test`],
    ['a new line', 400, 'a@example.test\nb@example.test'],
    ['CRLF and a header', 400, 'a@example.test\r\nBcc: b@example.test'],
    ['NUL', 400, 'a\u0000@example.test'],
    ['a line separator', 400, 'a@example.test\u2028'],
    ['a C1 control', 400, 'a\u0085@example.test'],
  ]

  test.each(addresses)('%s as address is %i to an ask', async (_what, status, email) => {
    for (const path of ['/reset_password', '/register']) {
      const answer = await app.visitor().post(path, { email })
      expect(answer.status).toBe(status)
      expect(answer.body).toMatch(/<h1>/)
    }
    await expectNothingHappened()
  })

  test.each(['password', 'email'])('nothing as %s is 422 to a log-in', async (name) => {
    const answer = await app.visitor().post('/login', { ...fields['/login'], [name]: '' })
    expect(answer.status).toBe(422)
    await expectNothingHappened()
  })

  test.each([
    ['nothing', ''],
    ['14 characters', 'kqzvjxwpbfgmyd'],
    ['257 characters', 'kq zv'.repeat(52)],
    ['a common one', 'passwordpassword'],
    ['the name of the service', 'sparekey sparekey'],
  ])('%s as new password is 422, with the reason and without the password', async (_what, weak) => {
    for (const form of ['/reset_password/:token', '/register/:token'] as const) {
      const body = new URLSearchParams({ ...fields[form], password: weak, confirm_password: weak })
      const answer = await send(form, { body: body.toString() })
      expect(answer.status).toBe(422)
      expect(answer.body).toMatch(/class="problem"/)
      if (weak !== '') expect(answer.body).not.toContain(weak)
    }
    await expectNothingHappened()
  })

  test('two different new passwords are 422', async () => {
    for (const form of [
      '/reset_password/:token',
      '/register/:token',
      '/account/password',
    ] as const) {
      const body = new URLSearchParams({
        ...fields[form],
        confirm_password: 'another long password',
      })
      expect((await send(form, { body: body.toString() })).status).toBe(422)
    }
    await expectNothingHappened()
  })

  test.each([
    ['nothing', 422, ''],
    ['invisible characters', 422, '\u200b\u200b'],
    ['65 characters', 422, 'x'.repeat(65)],
    ['a new line', 400, 'Ana\nBcc: b@example.test'],
    ['an escape sequence', 400, 'Ana\u001b[31m'],
  ])('%s as name is %i', async (_what, status, username) => {
    const body = new URLSearchParams({ ...fields['/register/:token'], username })
    expect((await send('/register/:token', { body: body.toString() })).status).toBe(status)
    await expectNothingHappened()
  })

  test('neither a session nor "all" is 400 to ending sessions', async () => {
    for (const body of ['', 'all=', 'all=0', 'all=true', 'session=']) {
      expect((await send('/account/sessions/revoke', { body })).status).toBe(400)
    }
    await expectNothingHappened()
  })
})

describe('a token that is', () => {
  const tokens = [
    'null',
    'undefined',
    '[]',
    '{}',
    '0',
    'true',
    '%00',
    '%',
    '%25',
    '%ff',
    '_',
    `'%20OR%201=1--`,
    '..%2f',
    'x'.repeat(5000),
  ]

  /** Opens it as a link, and posts it by a form and by JSON. */
  async function tryToken(purpose: 'reset' | 'register', token: string) {
    const path = { reset: '/reset_password', register: '/register' } as const
    const send = {
      reset: (door: Door) => door.redeem(app.visitor(), token, password),
      register: (door: Door) => door.confirm(app.visitor(), token, password),
    }
    const answers = [await app.visitor().get(`${path[purpose]}/${token}`)]
    for (const [, door] of doors) answers.push(await send[purpose](door))
    return answers.map(({ status }) => status)
  }

  async function expectNothingButAudit() {
    expect({ ...(await dumpWhatCounts()), audit: [] }).toEqual({ ...before, audit: [] })
  }

  test.each(['reset', 'register'] as const)(
    'nonsense is 410 to GET and POST: %s',
    async (purpose) => {
      for (const token of tokens) {
        const statuses = await tryToken(purpose, token)
        expect({ token, statuses }).toEqual({ token, statuses: [410, 410, 410] })
      }
      await expectNothingButAudit()
    },
  )

  test('a real one, but for another purpose or with a character more, less or other, is 410', async () => {
    const real = { reset: tokenOf(links.reset), register: tokenOf(links.register) }
    for (const [purpose, other] of [
      ['reset', 'register'],
      ['register', 'reset'],
    ] as const) {
      const good = real[purpose]
      const flipped = good.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))
      const forged = [real[other], good.slice(0, -1), good.slice(1), `${good}A`, flipped]
      const parts = good.split('.')
      forged.push([...parts.slice(0, 2), ''].join('.'), parts.slice(0, 2).join('.'))
      for (const token of forged) {
        const statuses = await tryToken(purpose, token)
        expect({ token, statuses }).toEqual({ token, statuses: [410, 410, 410] })
      }
      expect((await app.visitor().get(links[purpose])).status).toBe(200)
    }
    await expectNothingButAudit()
  })
})
