/**
 * What another site can make a browser do, in a real one: nothing, by form or by
 * JSON, signed in or not (ASVS 5.0 §3.5.1, §3.5.3); and that the same is taken from our own.
 */
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dump } from '../database.ts'
import { givePerson } from '../person.ts'
import { serveElsewhere } from './elsewhere.ts'
import { openStage, type Stage } from './stage.ts'

const password = 'a first long password'

/** What a browser keeps of somebody who is signed in, so that one log-in does for all. */
type SignedIn = NonNullable<BrowserContextOptions['storageState']>

let stage: Stage
let signedIn: SignedIn
beforeAll(async () => {
  stage = await openStage()
  const { address } = await givePerson(stage.app, stage.mail, { username: 'Ada', password })
  await using context = await stage.browser.newContext({ locale: 'en' })
  await logIn(await context.newPage(), address)
  signedIn = await context.storageState()
})
afterAll(() => stage[Symbol.asyncDispose]())

/** What an account and its owner would notice. */
async function state() {
  const { account, session, outbox } = await dump(stage.app.db)
  return { account, session, outbox }
}

async function logIn(page: Page, email: string): Promise<void> {
  await page.goto(`${stage.origin}/login`)
  await page.fill('#email', email)
  await page.fill('#password', password)
  await page.click('form button:not([type=button])')
  await page.waitForURL('**/account')
}

function openSignedIn(options: BrowserContextOptions = {}) {
  return stage.browser.newContext({ locale: 'en', storageState: signedIn, ...options })
}

const forms: [string, Record<string, string>][] = [
  ['/reset_password', { email: 'ada@example.test' }],
  ['/register', { email: 'ada@example.test' }],
  ['/login', { email: 'whoever is at the wheel', password }],
  ['/logout', {}],
  ['/account/password', { current_password: password, password: 'x', confirm_password: 'x' }],
  ['/account/sessions/revoke', { all: '1' }],
]

test.each(forms)(
  'a form on another site is refused, in words, signed in too: %s',
  async (path, fields) => {
    const inputs = Object.entries(fields).map(
      ([name, value]) => `<input name="${name}" value="${value}">`,
    )
    await using elsewhere = await serveElsewhere(
      `<form method="post" action="${stage.origin}${path}">${inputs.join('')}<button>Win</button></form>`,
    )
    await using context = await openSignedIn()
    const page = await context.newPage()
    const before = await state()
    await page.goto(elsewhere.url)
    const answer = page.waitForResponse(`**${path}`)
    await page.click('button')
    expect((await answer).status()).toBe(403)
    expect(await page.textContent('h1')).toBe('This came from another site')
    expect(await state()).toEqual(before)
    await page.goto(`${stage.origin}/account`)
    expect(await page.title()).toContain('Hello, Ada')
  },
)

describe('JSON', () => {
  const ask = {
    path: '/api/v1/password-resets',
    body: JSON.stringify({ email: 'ada@example.test' }),
  }
  const tries: [string, Sent][] = [
    ['as JSON', { headers: { 'Content-Type': 'application/json' } }],
    [
      'as JSON, whatever may be read of it',
      { mode: 'no-cors', headers: { 'Content-Type': 'text/plain' } },
    ],
    [
      'as text, with the cookies',
      { credentials: 'include', headers: { 'Content-Type': 'text/plain' } },
    ],
    [
      'as JSON, with the cookies',
      { credentials: 'include', headers: { 'Content-Type': 'application/json' } },
    ],
  ]

  test.each(tries)('sent by a script of another site does nothing: %s', async (_, init) => {
    await using elsewhere = await serveElsewhere('<h1>Elsewhere</h1>')
    await using context = await openSignedIn()
    const page = await context.newPage()
    const before = await state()
    await page.goto(elsewhere.url)
    const read = await send(page, `${stage.origin}${ask.path}`, { ...init, body: ask.body })
    expect(['blocked', 'opaque']).toContain(read)
    expect(await state()).toEqual(before)
    await page.goto(`${stage.origin}/account`)
    expect(await page.title()).toContain('Hello, Ada')
  })

  test('from our own origin it is taken, by the same browser', async () => {
    await using context = await openSignedIn({ bypassCSP: true })
    const page = await context.newPage()
    await page.goto(`${stage.origin}/account`)
    expect(await page.title()).toContain('Hello, Ada')
    const headers = { 'Content-Type': 'application/json' }
    expect(await send(page, `${stage.origin}${ask.path}`, { headers, body: ask.body })).toBe(202)
  })
})

interface Sent {
  headers: Record<string, string>
  mode?: 'no-cors'
  credentials?: 'include'
  body?: string
}

/** The status as the page sees it. */
function send(page: Page, url: string, init: Sent): Promise<number | string> {
  return page.evaluate(
    async ([to, how]) => {
      try {
        const answer = await fetch(to, { method: 'POST', ...how })
        return answer.type === 'opaque' ? 'opaque' : answer.status
      } catch {
        return 'blocked' // by the browser, as CORS has it
      }
    },
    [url, init] as const,
  )
}
