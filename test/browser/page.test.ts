/** What pages do in a real browser: they help while typing, remember a language, and ask nobody else. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { givePerson } from '../person.ts'
import { tabTo, waitForFocus } from './keyboard.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage[Symbol.asyncDispose]())

test('a new password is helped along: its length, whether both match, show and hide', async () => {
  await using context = await stage.browser.newContext({ locale: 'en' })
  const page = await openNewPasswordPage(await context.newPage())
  const said = (id: string) => page.locator(`.field:has(#${id}) .typing`).textContent()

  await page.keyboard.type('fourteen chars')
  expect(await said('password')).toBe('1 more character')
  await page.keyboard.type('!')
  expect(await said('password')).toBe('Long enough')
  await page.fill('#confirm_password', 'fourteen')
  expect(await said('confirm_password')).toBe('')
  await page.fill('#confirm_password', 'fifteen')
  expect(await said('confirm_password')).toBe('The two are not the same')
  await page.fill('#confirm_password', 'fourteen chars!')
  expect(await said('confirm_password')).toBe('Both are the same')

  const show = page.getByRole('button', { name: 'Show: New password', exact: true })
  await page.focus('#password')
  await tabTo(page, show)
  await page.keyboard.press('Enter')
  expect(await page.getAttribute('#password', 'type')).toBe('text')
  await page.keyboard.press('Enter')
  expect(await page.getAttribute('#password', 'type')).toBe('password')
})

test('a refused password is told beside its field, which has the focus and is read with it', async () => {
  await using context = await stage.browser.newContext({ locale: 'en' })
  const page = await openNewPasswordPage(await context.newPage())
  await page.fill('#password', 'short')
  await page.fill('#confirm_password', 'short')
  await page.keyboard.press('Enter')
  await page.waitForURL(/reset_password/)
  const field = page.locator('#password[aria-invalid]:focus')
  await field.waitFor()
  expect(await field.getAttribute('aria-describedby')).toContain('password-problem')
  expect(await page.textContent('#password-problem')).toContain('too short: 15 characters')
  expect(await page.title()).toMatch(/^Problem: /)
  expect(await field.inputValue()).toBe('')
})

test.for([true, false])(
  'a language chosen on a page is remembered, scripts %s',
  async (javaScriptEnabled) => {
    await using context = await stage.browser.newContext({ locale: 'fr', javaScriptEnabled })
    const page = await context.newPage()
    await page.goto(`${stage.origin}/reset_password`)
    expect(await page.getAttribute('html', 'lang')).toBe('fr')
    await page.click('summary')
    await page.click('text=العربية')
    expect(await page.getAttribute('html', 'dir')).toBe('rtl')
    await page.goto(`${stage.origin}/login`)
    expect(await page.getAttribute('html', 'lang')).toBe('ar')
  },
)

test('a link keeps its form when another language is chosen', async () => {
  await using context = await stage.browser.newContext({ locale: 'en' })
  const page = await openNewPasswordPage(await context.newPage())
  await page.click('summary')
  await page.click('text=Deutsch')
  expect(await page.textContent('h1')).toBe('Neues Passwort wählen')
  expect(await page.locator('#confirm_password').count()).toBe(1)
})

test('nothing a page carries is blocked by its own policy, and it asks nobody else', async () => {
  await using context = await stage.browser.newContext({ locale: 'en' })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  const hosts = new Set<string>()
  page.on('request', (request) => hosts.add(new URL(request.url()).origin))
  await openNewPasswordPage(page)
  expect(complaints).toEqual([])
  expect([...hosts].filter((host) => host !== 'null')).toEqual([stage.origin])
})

async function openNewPasswordPage(page: Page): Promise<Page> {
  const person = await givePerson(stage.app, stage.mail)
  await page.goto(await person.askForLink())
  await waitForFocus(page, 'password')
  return page
}
