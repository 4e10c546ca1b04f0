/**
 * axe-core on every state of the gallery, in light and dark; and no page scrolls
 * sideways at 320 px. English and Arabic; all languages with FULL=1.
 */
import axe from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../../commands/preview/chromium.ts'
import { renderMails, renderPages } from '../../templates/gallery/index.ts'
import { type Locale, locales } from '../../templates/locales/index.ts'
import { full } from '../full.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

const languages: readonly Locale[] = full ? locales : ['en', 'ar']

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
      findings.push(...(await inspect(page, html, {})).map((finding) => `${name}: ${finding}`))
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
      const found = await inspect(page, `${canvas}${html}`, { runOnly: standards })
      findings.push(...found.map((finding) => `${name}: ${finding}`))
    }
    expect(findings).toEqual([])
  },
)

/** Everything in light; in dark, what depends on colour. */
async function inspect(page: Page, html: string, options: axe.RunOptions): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setContent(html)
  await page.$$eval('details', (closed) => closed.forEach((details) => (details.open = true)))
  const found = [...(await findOverflow(page)), ...(await runAxe(page, options))]
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await runAxe(page, { runOnly: { type: 'rule', values: ['color-contrast'] } })
  return [...found, ...dark.map((finding) => `dark: ${finding}`)]
}

/** A page that has axe-core, whatever is written into it; somewhere that has an address bar. */
async function openPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.route('**', (route) => route.fulfill({ contentType: 'text/html', body: '' }))
  await page.goto('http://gallery.test/')
  await page.evaluate(axe.source)
  return page
}

function runAxe(page: Page, options: axe.RunOptions): Promise<string[]> {
  return page.evaluate(async (runOptions) => {
    const { violations } = await window.axe.run({ ...runOptions, resultTypes: ['violations'] })
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  }, options)
}

/** WCAG 2.2, 1.4.10: nobody has to scroll sideways. */
async function findOverflow(page: Page): Promise<string[]> {
  const spare = await page.locator('html').evaluate((html) => html.clientWidth - html.scrollWidth)
  return spare === 0 ? [] : [`scrolls sideways by ${-spare} px`]
}

declare global {
  interface Window {
    axe: typeof axe
  }
}
