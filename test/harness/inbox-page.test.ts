import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launchChromium } from '../../commands/preview/chromium.ts'
import { startMailServer, type MailServer, type Message } from '../../harness/index.ts'
import { findOverflow, inspect, loadAxe } from '../browser/inspect.ts'
import { full } from '../full.ts'
import { deliver } from './deliver.ts'
import { resetLink, sendSamples } from './sample-mails.ts'

let browser: Browser
/** One for all tests: what a browser keeps is kept by origin, and each test has a server of its own. */
let desktop: BrowserContext
let window: Page
let mail: MailServer

beforeAll(async () => {
  browser = await launchChromium()
  desktop = await browser.newContext({ viewport: { width: 1100, height: 700 } })
  window = await desktop.newPage()
})

afterAll(() => browser.close())

beforeEach(async () => {
  mail = await startMailServer()
  await sendSamples(mail)
})

/** A page that stays open asks a server that is gone for news, again and again. */
afterEach(async () => {
  await window.goto('about:blank')
  await desktop.unrouteAll()
  await window.unrouteAll()
  const others = browser.contexts().flatMap((context) => context.pages())
  await Promise.all(others.filter((page) => page !== window).map((page) => page.close()))
  await mail.stop()
})

/** Opens a page of the harness, live unless scripts are off; in a browser of its own when that has options. */
async function look(path = '/', options?: BrowserContextOptions): Promise<Page> {
  const page = options === undefined ? window : await browser.newPage(options)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: mail.url })
  await page.goto(mail.url + path)
  if (options?.javaScriptEnabled !== false)
    await page.waitForSelector('#live.on', { state: 'attached' })
  return page
}

/** The message that the samples have with this subject. */
async function sample(subject: string): Promise<Message> {
  const found = (await mail.messages()).find((message) => message.subject.includes(subject))
  if (found === undefined) throw new Error(`No sample: ${subject}`)
  return found
}

function clipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText())
}

describe('the list', () => {
  test('shows new mail at once, without a reload', async () => {
    const page = await look()
    await page.evaluate(() => document.body.setAttribute('data-not-reloaded', ''))
    await deliver(mail, { to: 'new@example.test', subject: 'Just came' })
    await page.getByText('Just came').waitFor()
    await page.getByText('5 unread').waitFor()
    expect(await page.locator('body[data-not-reloaded]').count()).toBe(1)
  })

  test('shows to whom each mail went, newest first', async () => {
    const page = await look()
    const recipients = await page.locator('#list .to').allTextContents()
    expect(recipients).toEqual([
      'ada@example.test',
      'ada@example.test',
      'grace@example.test',
      'team@example.test',
    ])
  })

  test('is searched by keyboard, and the search stays while mail comes', async () => {
    const page = await look()
    await page.keyboard.press('/')
    await page.keyboard.type('to:ada password')
    await page.getByText('1 of 4 messages').waitFor()
    await deliver(mail, { to: 'ada@example.test', subject: 'Another password' })
    await page.getByText('2 of 5 messages').waitFor()
    expect(await page.inputValue('#query')).toBe('to:ada password')
    expect(page.url()).toContain('query=to%3Aada+password')
  })

  test('says so when nothing is found', async () => {
    const page = await look('/?query=nowhere')
    expect(await page.locator('#list').textContent()).toContain('Nothing found for “nowhere”')
  })

  test('shows nothing of what was deleted', async () => {
    const page = await look()
    mail.mailbox.clear()
    await page.getByText('No mail yet').waitFor()
  })
})

describe('a message', () => {
  test('is walked to by j and k, back by Escape, and read by then', async () => {
    const page = await look()
    await page.keyboard.press('j')
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
    await page.keyboard.press('j')
    await page.getByRole('heading', { name: 'November news' }).waitFor()
    await page.keyboard.press('k')
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
    await page.getByText('2 unread').waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'November news' }).waitFor()
  })

  test('is walked to as fast as keys are pressed', async () => {
    const page = await look()
    const subjects = await page.locator('#list .subject').allTextContents()
    for (const key of ['j', 'j', 'j', 'j', 'k']) await page.keyboard.press(key)
    await page.locator('#list .unread').first().waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: subjects[2] ?? '' }).waitFor()
    expect(await page.locator('#list [aria-current] .subject').textContent()).toBe(subjects[2])
  })

  test('gives its link by one key', async () => {
    const page = await look(`/view/${(await sample('Choose')).id}`)
    await page.keyboard.press('l')
    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor()
    expect(await clipboard(page)).toBe(resetLink)
  })

  test('gives its code by one key', async () => {
    const page = await look(`/view/${(await sample('Your code')).id}`)
    await page.keyboard.press('c')
    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor()
    expect(await clipboard(page)).toBe('482913')
  })

  test('shows each view by its number', async () => {
    const page = await look(`/view/${(await sample('Choose')).id}`)
    const views = [
      'iframe',
      'text=open this link',
      'text=Content-Type: multipart/alternative',
      'th:has-text("Message-ID")',
      '.links',
      '.transcript',
      '.panel.check',
    ]
    for (const [index, shown] of views.entries()) {
      await page.keyboard.press(String(index + 1))
      await page.locator(shown).first().waitFor()
    }
  })

  test('shows the SMTP session it came by', async () => {
    const page = await look(`/view/${(await sample('Choose')).id}?tab=smtp`)
    const said = (await page.locator('.transcript').textContent()) ?? ''
    expect(said).toContain('C: RCPT TO:<ada@example.test>\nS: 250 2.1.5 Accepted')
  })

  test('has links in its text that can be followed', async () => {
    const page = await look(`/view/${(await sample('Choose')).id}?tab=text`)
    expect(await page.locator('pre a').getAttribute('href')).toBe(resetLink)
  })

  test('that is hostile runs nothing, loads nothing, and takes nobody away', async () => {
    const elsewhere: string[] = []
    const hostile = `<script>parent.document.title='owned';fetch('https://evil.example.com/s')</script>
      <img src="https://evil.example.com/i" onerror="parent.document.title='owned'"><link rel="stylesheet" href="https://evil.example.com/c">
      <style>@import "https://evil.example.com/a"; body{background:url(https://evil.example.com/b)}</style>
      <iframe src="https://evil.example.com/f"></iframe><meta http-equiv="refresh" content="0;url=https://evil.example.com/m">
      <form action="https://evil.example.com/p"><button>Go</button></form><p>The end</p>`
    await deliver(mail, { to: 'ada@example.test', subject: 'Hostile <b>', html: hostile })
    const page = await look()
    await page.context().route('https://evil.example.com/**', (route) => {
      elsewhere.push(route.request().url())
      return route.fulfill({ body: 'Evil' })
    })
    await page.getByText('Hostile <b>').click()
    await page.frameLocator('iframe').getByText('The end').waitFor()
    await page.frameLocator('iframe').getByRole('button', { name: 'Go' }).click()
    await page.getByRole('heading', { name: 'Hostile <b>' }).click()
    await page.keyboard.press('2')
    await page.locator('.panel.text').waitFor()
    expect(elsewhere).toEqual([])
    expect(await page.title()).toContain('Hostile <b>')
  })

  test('loads what is elsewhere only when told to', async () => {
    const page = await look(`/view/${(await sample('November')).id}`)
    const asked = page.waitForRequest('https://track.example.com/pixel.gif')
    await page.route('https://track.example.com/**', (route) => route.fulfill({ status: 204 }))
    await page.getByText('Load it').click()
    await asked
  })

  test('opens its links beside the page', async () => {
    const page = await look(`/view/${(await sample('Choose')).id}`)
    await page
      .context()
      .route('https://app.example.test/**', (route) => route.fulfill({ body: 'The app' }))
    const opened = page.waitForEvent('popup')
    await page.frameLocator('iframe').getByText('Choose a new password').click()
    expect((await opened).url()).toBe(resetLink)
  })

  test('shows the pictures that came with it', async () => {
    const pixel =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
    await deliver(mail, {
      to: 'ada@example.test',
      subject: 'Picture',
      html: '<img src="cid:logo" alt="Logo">',
      attachments: [{ filename: 'logo.png', content: pixel, encoding: 'base64', cid: 'logo' }],
    })
    const page = await look(`/view/${(await sample('Picture')).id}`)
    const image = page.frameLocator('iframe').getByAltText('Logo')
    await image.waitFor()
    expect(await image.evaluate((shown: HTMLImageElement) => shown.naturalWidth)).toBe(1)
  })
})

test('everything can be read without JavaScript', async () => {
  const page = await look('/', { javaScriptEnabled: false })
  await page.fill('#query', 'password')
  await page.keyboard.press('Enter')
  await page.getByText('Choose a new password').click()
  await page.getByRole('link', { name: 'Text' }).click()
  expect(await page.locator('pre').textContent()).toContain(resetLink)
})

/** A telephone shows what a desktop does, in another order: with FULL all of it is looked at again. */
test.for([320, 1280])(
  'every view fits and is accessible, light and dark, at %i px',
  async (width) => {
    const { id } = await sample('November')
    const page = await look('/', { viewport: { width, height: 700 } })
    const both = ['/', `/view/${id}`]
    const others = ['links', 'smtp', 'check'].map((tab) => `/view/${id}?tab=${tab}`)
    for (const path of [...both, ...others]) {
      await page.goto(mail.url + path)
      const isThorough = full || width > 320 || both.includes(path)
      const found = isThorough ? await inspectAnew(page) : await findOverflow(page)
      expect([path, found]).toEqual([path, []])
    }
  },
)

/** A page that was just opened has no axe-core. */
async function inspectAnew(page: Page): Promise<string[]> {
  await loadAxe(page)
  return inspect(page)
}
