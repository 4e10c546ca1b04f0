/**
 * Pictures of a journey on a phone, for the README: taken by the test that walks
 * it, when `PICTURES` names a folder.
 */
import { join } from 'node:path'
import type { Page } from 'playwright-core'

const folder = process.env['PICTURES']

/** In pixels. */
const PHONE = 320

export async function takePicture(page: Page, name: string): Promise<void> {
  if (folder === undefined || page.viewportSize()?.width !== PHONE) return
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
}

/** In a window of its own: a mail reader does not have our Content-Security-Policy. */
export async function takeMailPicture(page: Page, html: string, name: string): Promise<void> {
  const reader = await page.context().newPage()
  await reader.setContent(html)
  await takePicture(reader, name)
  await reader.close()
}
