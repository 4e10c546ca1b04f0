/**
 * axe-core on every state of the gallery, in light and dark; and no page scrolls
 * sideways at 320 px. In English, and in Arabic what another language and direction
 * can change: the width of every state, and axe-core on each page once, but for its
 * colours. All of it in all languages with FULL=1.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../../commands/preview/chromium.ts'
import { renderMails, renderPages } from '../../templates/gallery/index.ts'
import { type Locale, locales } from '../../templates/locales/index.ts'
import { full } from '../full.ts'
import { findOverflow, inspect, loadAxe } from './inspect.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

const languages: readonly Locale[] = full ? locales : ['en', 'ar']

const isThorough = (locale: Locale) => full || locale === 'en'

const named = (name: string) => (finding: string) => `${name}: ${finding}`

/** A mail is no page: it has no landmarks, and readers show it below a heading of their own. */
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** A mail has no background of its own, which axe-core takes for white, in the dark too. */
const canvas = '<!doctype html><style>html{background-color:Canvas}</style>'

test.for(languages)(
  'axe-core finds nothing in any state of any page, and none scrolls sideways: %s',
  { timeout: 120_000 },
  async (locale) => {
    await using context = await browser.newContext({ viewport: { width: 320, height: 640 } })
    const page = await openPage(context)
    const findings: string[] = []
    const looked = new Set<string>()
    for (const { name, html } of await renderPages(locale)) {
      await page.setContent(html)
      await page.$$eval('details', (closed) => closed.forEach((details) => (details.open = true)))
      const found =
        isThorough(locale) || !looked.has(pageOf(name))
          ? await inspect(page, { colours: isThorough(locale) })
          : await findOverflow(page)
      looked.add(pageOf(name))
      findings.push(...found.map(named(name)))
    }
    expect(findings).toEqual([])
  },
)

/** As `register` of `register-nothing-entered`. */
function pageOf(name: string): string {
  return name.slice(0, name.indexOf('-'))
}

test.for(languages)(
  'axe-core finds nothing in any mail: %s',
  { timeout: 60_000 },
  async (locale) => {
    await using context = await browser.newContext({ viewport: { width: 320, height: 640 } })
    const page = await openPage(context)
    const findings: string[] = []
    for (const { name, html } of renderMails(locale)) {
      await page.setContent(`${canvas}${html}`)
      findings.push(
        ...(await inspect(page, { standards, colours: isThorough(locale) })).map(named(name)),
      )
    }
    expect(findings).toEqual([])
  },
)

/** A page that has axe-core, whatever is written into it; somewhere that has an address bar. */
async function openPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.route('**', (route) => route.fulfill({ contentType: 'text/html', body: '' }))
  await page.goto('http://gallery.test/')
  await loadAxe(page)
  return page
}
