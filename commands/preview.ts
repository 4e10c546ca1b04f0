/**
 * `npm run preview`: every page and mail in every language, as files to open,
 * and pictures of them.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isLocale } from '../templates/locales/index.ts'
import { takePictures } from './preview/take-pictures.ts'
import { writeGallery } from './preview/write-gallery.ts'

const USAGE = `npm run preview -- [--out FOLDER] [--pictures LANGUAGES]

Writes every page and mail × state × language into a folder to open in a browser.

  --out FOLDER          where to (.sparekey/preview)
  --pictures LANGUAGES  also takes pictures, in these languages: en,ar
`

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: '.sparekey/preview' },
    pictures: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) console.log(USAGE)
else await main(values)

async function main({ out, pictures }: { out: string; pictures?: string | undefined }) {
  const folder = resolve(out)
  console.log(`gallery ${await writeGallery(folder)}`)
  if (pictures === undefined) return
  const languages = pictures.split(',').filter(isLocale)
  console.log(`pictures ${await takePictures(folder, languages)} in ${folder}`)
}
