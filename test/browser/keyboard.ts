/** A person who has a keyboard and nothing else. */
import type { Locator, Page } from 'playwright-core'

/** No page of ours has as many places to stop at. */
const MOST_STOPS = 40

/** Presses Tab until `target` has the focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stops = 0; stops < MOST_STOPS; stops++) {
    if (await isFocused(target)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Cannot reach ${String(target)} by keyboard`)
}

function isFocused(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element.matches(':focus'))
}

/** A browser puts the focus where the page asks for it only after it has drawn the page. */
export async function waitForFocus(page: Page, id: string): Promise<void> {
  await page.locator(`#${id}:focus`).waitFor()
}

/** Types into whatever has the focus and sends the form. */
export async function typeAndSend(page: Page, text: string): Promise<void> {
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}
