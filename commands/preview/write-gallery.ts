/**
 * The gallery as files: every page and mail × state × language, in a light and
 * a dark view, and an `index.html` that shows them side by side.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderMails, renderPages } from '../../templates/gallery/index.ts'
import { type Locale, locales, wordsOf } from '../../templates/locales/index.ts'
import { renderIndex } from './gallery-index.tsx'

export const schemes = ['light', 'dark'] as const
export type Scheme = (typeof schemes)[number]

/** Writes the gallery into `folder`; resolves to the path of its `index.html`. */
export async function writeGallery(folder: string): Promise<string> {
  let names: string[] = []
  for (const locale of locales) {
    await mkdir(join(folder, locale), { recursive: true })
    names = await writeLanguage(join(folder, locale), locale)
  }
  const languages = locales.map((locale) => ({ locale, name: wordsOf(locale).language }))
  const index = join(folder, 'index.html')
  await writeFile(index, renderIndex(names, languages))
  return index
}

async function writeLanguage(folder: string, locale: Locale): Promise<string[]> {
  const mails = renderMails(locale)
  const views = [...(await renderPages(locale)), ...mails]
  for (const { name, html } of views) {
    for (const scheme of schemes) {
      await writeFile(join(folder, `${name}.${scheme}.html`), inScheme(html, scheme))
    }
  }
  for (const { name, subject, text } of mails) {
    await writeFile(join(folder, `${name}.txt`), `${subject}\n\n${text}`)
  }
  return views.map(({ name }) => name)
}

/** The same document as it looks where light, or dark, is what the reader prefers. */
function inScheme(html: string, scheme: Scheme): string {
  return html
    .replaceAll(
      /@media \(prefers-color-scheme: ?dark\)/g,
      scheme === 'dark' ? '@media all' : '@media not all',
    )
    .replaceAll(/color-scheme: ?light dark/g, `color-scheme:${scheme}`)
    .replaceAll('content="light dark"', `content="${scheme}"`)
}
