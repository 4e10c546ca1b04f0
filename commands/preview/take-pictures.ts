/** Pictures of the whole gallery, of a phone and of a desktop, in light and dark. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { renderMails, renderPages } from '../../templates/gallery/index.ts'
import type { Locale } from '../../templates/locales/index.ts'
import { launchChromium } from './chromium.ts'
import { schemes } from './write-gallery.ts'

const viewports = { phone: { width: 320, height: 640 }, desktop: { width: 1280, height: 800 } }

/** Takes pictures of what `writeGallery` wrote into `folder`; resolves to how many there are. */
export async function takePictures(folder: string, languages: readonly Locale[]): Promise<number> {
  await using browser = await launchChromium()
  let count = 0
  for (const [device, viewport] of Object.entries(viewports)) {
    const page = await browser.newPage({ viewport })
    for (const locale of languages) {
      count += await takeLanguage(page, join(folder, locale), { device, locale })
    }
    await page.close()
  }
  return count
}

async function takeLanguage(
  page: Page,
  folder: string,
  { device, locale }: { device: string; locale: Locale },
): Promise<number> {
  const names = [...(await renderPages(locale)), ...renderMails(locale)].map(({ name }) => name)
  const pictures = join(folder, device)
  await mkdir(pictures, { recursive: true })
  for (const name of names) {
    for (const scheme of schemes) {
      await page.goto(pathToFileURL(join(folder, `${name}.${scheme}.html`)).href)
      await page.screenshot({ path: join(pictures, `${name}.${scheme}.png`), fullPage: true })
    }
  }
  return names.length * schemes.length
}
