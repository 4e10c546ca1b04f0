/** What axe-core and a narrow screen find in a page. */
import axe from 'axe-core'
import type { Page } from 'playwright-core'

interface Inspection {
  /** What axe-core looks for: everything when nothing is said. */
  standards?: string[]
  /** Whether it looks at colours, in light and in the dark. */
  colours?: boolean
}

/** The rules whose answer depends on colours. */
const ofColours = ['color-contrast', 'link-in-text-block']
const withoutColours = Object.fromEntries(ofColours.map((rule) => [rule, { enabled: false }]))

/** Gives a page axe-core, which stays until the page goes somewhere else. */
export async function loadAxe(page: Page): Promise<void> {
  await page.evaluate(axe.source)
}

/** Everything in light, as the page is; in dark, what depends on colour. Light again at the end. */
export async function inspect(page: Page, inspection: Inspection = {}): Promise<string[]> {
  const { standards, colours = true } = inspection
  const found = [
    ...(await findOverflow(page)),
    ...(await runAxe(page, {
      ...(standards && { runOnly: standards }),
      ...(!colours && { rules: withoutColours }),
    })),
  ]
  if (!colours) return found
  await page.emulateMedia({ colorScheme: 'dark' })
  const inDark = await runAxe(page, { runOnly: { type: 'rule', values: ofColours } })
  await page.emulateMedia({ colorScheme: 'light' })
  return [...found, ...inDark.map((finding) => `dark: ${finding}`)]
}

/** What is in the page itself: a mail in a frame is somebody else's. */
function runAxe(page: Page, options: axe.RunOptions): Promise<string[]> {
  return page.evaluate(
    async (runOptions) => {
      const { violations } = await window.axe.run({ exclude: ['iframe'] }, runOptions)
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
    },
    { ...options, iframes: false, resultTypes: ['violations' as const] },
  )
}

/** WCAG 2.2, 1.4.10: nobody has to scroll sideways. */
export async function findOverflow(page: Page): Promise<string[]> {
  const spare = await page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    return clientWidth - scrollWidth
  })
  return spare === 0 ? [] : [`scrolls sideways by ${-spare} px`]
}

declare global {
  interface Window {
    axe: typeof axe
  }
}
