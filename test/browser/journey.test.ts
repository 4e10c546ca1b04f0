/**
 * Somebody who forgot their password, in a real browser, by keyboard alone:
 * with scripts and without, on a phone and a desktop, from left and from right.
 * Pages and scripts are the same on both runtimes: one of these readers comes to
 * Deno; with FULL=1 each does, and what else is here is tried there, too.
 */
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Locale, wordsOf } from '../../templates/locales/index.ts'
import { runtimes } from '../journeys/runtimes.ts'
import { givePerson } from '../person.ts'
import { tabTo, typeAndSend, waitForFocus } from './keyboard.ts'
import { takeMailPicture, takePicture } from './pictures.ts'
import { openStage, type Stage } from './stage.ts'
import { full } from '../full.ts'

interface Reader {
  locale: Locale
  width: number
  scripts: boolean
}

const pairs: Reader[] = [
  { locale: 'en', width: 320, scripts: true },
  { locale: 'en', width: 1280, scripts: false },
  { locale: 'ar', width: 1280, scripts: true },
  { locale: 'ar', width: 320, scripts: false },
]
const others: Reader[] = pairs.map((reader) => ({ ...reader, scripts: !reader.scripts }))
const readers = full
  ? { workerd: [...pairs, ...others], Deno: pairs }
  : { workerd: pairs.slice(0, 3), Deno: pairs.slice(3) }

const newPassword = 'quite another long one'

describe.each(runtimes)('on %s', (runtime, startApp) => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage(startApp)
  })
  afterAll(() => stage[Symbol.asyncDispose]())

  test.for(readers[runtime])(
    'a person gets back in by keyboard: $locale, $width px, scripts $scripts',
    async ({ locale, width, scripts }) => {
      const t = wordsOf(locale)
      const { inbox } = await givePerson(stage.app, stage.mail, { username: 'Ada', locale })
      await using context = await stage.browser.newContext(optionsOf({ locale, width, scripts }))
      const page = await context.newPage()

      await page.goto(stage.origin)
      await expectToFit(page)
      const picture = (name: string) => takePicture(page, `${locale}-${name}`)
      await picture('1-log-in')
      await tabTo(page, page.getByRole('link', { name: t.login.forgot }))
      await page.keyboard.press('Enter')
      await page.waitForURL('**/reset_password')
      await waitForFocus(page, 'email')
      await page.keyboard.type(inbox.address)
      await picture('2-ask')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/reset_password/sent')
      expect(await page.textContent('h1')).toBe(t.askReset.sentTitle)
      await picture('3-sent')
      await expectToFit(page)

      const mail = await inbox.next({ subject: t.mails.reset.subject('Sparekey') })
      await takeMailPicture(page, mail.html, `${locale}-4-mail`)
      await page.goto(mail.link('/reset_password/'))
      await expectToFit(page)
      await waitForFocus(page, 'password')
      await page.keyboard.type(newPassword)
      await tabTo(page, page.locator('#confirm_password'))
      await page.keyboard.type(newPassword)
      await picture('5-choose')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/login?notice=password-changed')
      expect(await page.textContent('[role=status]')).toBe(t.notices['password-changed'])

      await waitForFocus(page, 'email')
      await page.keyboard.type(inbox.address)
      await tabTo(page, page.locator('#password'))
      await typeAndSend(page, newPassword)
      await page.waitForURL('**/account')
      expect(await page.textContent('h1')).toBe(t.account.greeting('Ada'))
      await picture('6-back-in')
      await expectToFit(page)

      await tabTo(page, page.getByRole('button', { name: t.account.logout, exact: true }))
      await page.keyboard.press('Enter')
      await page.waitForURL('**/login')
    },
  )

  test.runIf(full || runtime === 'workerd')(
    'a link opens in a second browser that has no cookies',
    async () => {
      const { inbox } = await givePerson(stage.app, stage.mail)
      await using laptop = await stage.browser.newContext()
      const asking = await laptop.newPage()
      await asking.goto(`${stage.origin}/reset_password`)
      await waitForFocus(asking, 'email')
      await typeAndSend(asking, inbox.address)
      await asking.waitForURL('**/reset_password/sent')
      const link = (await inbox.next({ subject: /new password/ })).link('/reset_password/')

      await using phone = await stage.browser.newContext()
      const page = await phone.newPage()
      await page.goto(link)
      await page.fill('#password', newPassword)
      await page.fill('#confirm_password', newPassword)
      await page.keyboard.press('Enter')
      await page.waitForURL('**/login?notice=password-changed')
    },
  )

  test.runIf(full || runtime === 'workerd')(
    'the token leaves the address bar, and a reload says to open the link again',
    async () => {
      const person = await givePerson(stage.app, stage.mail)
      const link = await person.askForLink()
      await using context = await stage.browser.newContext()
      const page = await context.newPage()
      await page.goto(link)
      expect(page.url()).toBe(`${stage.origin}/reset_password?notice=open-link-again`)
      await page.reload()
      expect(await page.textContent('[role=status]')).toContain('it still works')
      await page.goto(link)
      expect(await page.textContent('h1')).toBe('Choose a new password')
      expect(await page.locator('#password').count()).toBe(1)
    },
  )
})

function optionsOf({ locale, width, scripts }: Reader): BrowserContextOptions {
  return { locale, javaScriptEnabled: scripts, viewport: { width, height: 640 } }
}

/** WCAG 2.2, 1.4.10: nobody has to scroll sideways. */
async function expectToFit(page: Page) {
  const root = page.locator('html')
  const spare = await root.evaluate((html) => html.clientWidth - html.scrollWidth)
  expect(spare).toBe(0)
}
