/**
 * axe-core on every state of the gallery, in light and dark; and no page scrolls
 * sideways at 320 px. English and Arabic, whose colours in the dark are the same;
 * all languages, and those, with FULL=1.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../../commands/preview/chromium.ts'
import { renderMails, renderPages } from '../../templates/gallery/index.ts'
import { type Locale, locales } from '../../templates/locales/index.ts'
import { full } from '../full.ts'
import { inspect, loadAxe } from './inspect.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

const languages: readonly Locale[] = full ? locales : ['en', 'ar']

/** Colours do not depend on the language. */
const dark = (locale: Locale) => full || locale === 'en'

const named = (name: string) => (finding: string) => `${name}: ${finding}`

/** A mail is no page: it has no landmarks, and readers show it below a heading of their own. */
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** A mail has no background of its own, which axe-core takes for white, in the dark too. */
const canvas = '<!doctype html><style>html{background-color:Canvas}</style>'

test.for(languages)(
  'axe-core finds nothing in any state of any page: %s',
  { timeout: 120_000 },
  async (locale) => {
    await using context = await browser.newContext({ viewport: { width: 320, height: 640 } })
    const page = await openPage(context)
    const findings: string[] = []
    for (const { name, html } of await renderPages(locale)) {
      await page.setContent(html)
      await page.$$eval('details', (closed) => closed.forEach((details) => (details.open = true)))
      findings.push(...(await inspect(page, { dark: dark(locale) })).map(named(name)))
    }
    expect(findings).toEqual([])
  },
)

test.for(languages)(
  'axe-core finds nothing in any mail: %s',
  { timeout: 60_000 },
  async (locale) => {
    await using context = await browser.newContext({ viewport: { width: 320, height: 640 } })
    const page = await openPage(context)
    const findings: string[] = []
    for (const { name, html } of renderMails(locale)) {
      await page.setContent(`${canvas}${html}`)
      findings.push(...(await inspect(page, { standards, dark: dark(locale) })).map(named(name)))
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
