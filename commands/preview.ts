/**
 * `npm run preview`: every page and mail in every language, as files to open,
 * and pictures of them.
 */
import { resolve } from 'node:path'
import { isLocale } from '../templates/locales/index.ts'
import { runCommand, TEXT, UsageError } from './run-command.ts'

const HELP = `npm run preview -- [--out FOLDER] [--pictures LANGUAGES]

Writes every page and mail × state × language into a folder to open in a browser.

  --out FOLDER          where to (.sparekey/preview)
  --pictures LANGUAGES  also takes pictures, in these languages: en,ar`

process.exitCode = await runCommand({
  name: 'preview',
  help: HELP,
  options: { out: TEXT, pictures: TEXT },
  run: async ({ out = '.sparekey/preview', pictures }) => {
    const languages = pictures?.split(',') ?? []
    const unknown = languages.find((language) => !isLocale(language))
    if (unknown !== undefined) throw new UsageError(`There is no language '${unknown}'`)
    const { writeGallery } = await import('./preview/write-gallery.ts')
    const folder = resolve(out)
    const gallery = `gallery ${await writeGallery(folder)}`
    if (languages.length === 0) return gallery
    const { takePictures } = await import('./preview/take-pictures.ts')
    return `${gallery}\npictures ${await takePictures(folder, languages.filter(isLocale))} in ${folder}`
  },
})
