/**
 * Passwords are pasted and filled in by managers (NIST SP 800-63B-4 §3.1.1.2;
 * ASVS 5.0 §6.2.7; WCAG 2.2 §3.3.8): by the clipboard of a real browser, in every
 * field that takes one.
 */
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { givePerson } from '../person.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage[Symbol.asyncDispose]())

const password = 'a first long password'
/** As a manager makes them, with what a filter of the page could trip over. */
const pasted = ' Zx9-"\'<é€ß💚> \u0301q%20&amp;~ '

type Open = (page: Page) => Promise<void>

async function openAccount(page: Page): Promise<void> {
  const { address } = await givePerson(stage.app, stage.mail, { password })
  await page.goto(`${stage.origin}/login`)
  await page.fill('#email', address)
  await page.fill('#password', password)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/account')
}

const pages: [name: string, fields: Record<string, string>, open: Open][] = [
  [
    'the log-in page',
    { '#password': 'current-password' },
    async (page) => void (await page.goto(`${stage.origin}/login`)),
  ],
  [
    'the page behind a reset link',
    { '#password': 'new-password', '#confirm_password': 'new-password' },
    async (page) => {
      const person = await givePerson(stage.app, stage.mail)
      await page.goto(await person.askForLink())
    },
  ],
  [
    'the page behind a registration link',
    { '#password': 'new-password', '#confirm_password': 'new-password' },
    async (page) => {
      const inbox = stage.mail.inbox()
      await stage.app.visitor().post('/register', { email: inbox.address })
      await page.goto((await inbox.next()).link('/register/'))
    },
  ],
  [
    'the account page',
    {
      '#current_password': 'current-password',
      '#password': 'new-password',
      '#confirm_password': 'new-password',
    },
    openAccount,
  ],
]

async function openPage(context: BrowserContext, open: Open): Promise<Page> {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stage.origin })
  const page = await context.newPage()
  await open(page)
  return page
}

test.for(pages)('every password of %s can be pasted', async ([, fields, open]) => {
  await using context = await stage.browser.newContext({ locale: 'en' })
  const page = await openPage(context, open)
  await page.evaluate((text) => navigator.clipboard.writeText(text), pasted)
  for (const [field, autocomplete] of Object.entries(fields)) {
    await page.focus(field)
    await page.keyboard.press('Control+V')
    expect(await page.inputValue(field)).toBe(pasted)
    expect(await page.getAttribute(field, 'autocomplete')).toBe(autocomplete)
    expect(await page.getAttribute(field, 'maxlength')).toBeNull()
    expect(await page.getAttribute(field, 'readonly')).toBeNull()
  }
})

test('a password that was pasted is the one that is kept', async () => {
  await using context = await stage.browser.newContext({ locale: 'en' })
  const page = await openPage(context, openAccount)
  const address = (await page.textContent('.address')) ?? ''
  await page.fill('#current_password', password)
  await page.evaluate((text) => navigator.clipboard.writeText(text), pasted)
  for (const field of ['#password', '#confirm_password']) {
    await page.focus(field)
    await page.keyboard.press('Control+V')
  }
  await page.keyboard.press('Enter')
  await page.waitForURL('**/account?notice=password-changed')
  const kept = await stage.app.visitor().post('/login', { email: address, password: pasted })
  expect(kept.status).toBe(303)
})
