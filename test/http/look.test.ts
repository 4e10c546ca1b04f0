/** What changes a page without changing what it does: a language, a colour, a logo. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { type App, startApp } from '../app.ts'

const logo = 'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4='

let app: App
beforeAll(async () => {
  const mail = { smtp: { host: '127.0.0.1', port: 9 } }
  const settings = { APP_NAME: 'Garten', APP_COLOR: '#7a1f5c', APP_LOGO: logo }
  app = await startApp({ mail: mail as never, settings })
})
afterAll(() => app[Symbol.asyncDispose]())

test('a page has the colour and the logo that are set, and its policy allows just that style', async () => {
  const { body, headers } = await app.visitor().get('/login')
  const style = /<style>(.*?)<\/style>/s.exec(body)?.[1] ?? ''
  expect(style).toContain('--accent:#7a1f5c')
  expect(body).toContain(`<img src="${logo}" alt=""/>`)
  const hash = createHash('sha256').update(style).digest('base64')
  expect(headers.get('Content-Security-Policy')).toContain(`style-src 'sha256-${hash}'`)
  expect(body).not.toMatch(/ style="| on[a-z]+="/)
})

test('a language chosen on a page is remembered in a cookie', async () => {
  const visitor = app.visitor()
  const chosen = await visitor.get('/login?lang=ja', { 'Accept-Language': 'de' })
  expect(chosen.body).toContain('<html lang="ja"')
  expect(chosen.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-language=ja;.*HttpOnly.*Secure.*SameSite=Lax/),
  ])
  const later = await visitor.get('/reset_password', { 'Accept-Language': 'de' })
  expect(later.body).toContain('<html lang="ja"')
})

test.for(['xx', '', 'EN', '__proto__', 'en%0d%0aSet-Cookie:x=y', 'constructor'])(
  'a language there is not is not remembered: %j',
  async (language) => {
    const visitor = app.visitor()
    const { body, headers } = await visitor.get(`/login?lang=${language}`)
    expect(body).toContain('<html lang="en"')
    expect(headers.getSetCookie()).toEqual([])
    visitor.setCookie('__Host-language', language)
    expect((await visitor.get('/login')).status).toBe(200)
  },
)

test('a form from elsewhere does not choose a language', async () => {
  const elsewhere = { 'Sec-Fetch-Site': 'cross-site' }
  const answer = await app.visitor().post('/reset_password?lang=ja', { email: 'x' }, elsewhere)
  expect(answer.body).toContain('<html lang="en"')
  expect(answer.headers.getSetCookie()).toEqual([])
})

test('a colour or a logo that is none is reported by name', () => {
  const result = parseConfig({ APP_COLOR: 'red', APP_LOGO: 'https://example.com/logo.png' })
  const names = result.ok ? [] : result.problems.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['APP_COLOR', 'APP_LOGO']))
  const large = parseConfig({ APP_LOGO: `data:image/png;base64,${'A'.repeat(5000)}` })
  expect(large).toMatchObject({
    problems: expect.arrayContaining([
      { name: 'APP_LOGO', problem: 'must be at most 4096 characters long' },
    ]),
  })
})
