/**
 * Unpacks the Chromium that npm brings, with the libraries and the fonts that a
 * small image lacks, beside our other working files, once per version. The
 * package's own way leaves half a file behind when it is interrupted, and hands
 * that half to whoever asks meanwhile: here the folder gets its name when it is
 * whole.
 */
import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createBrotliDecompress } from 'node:zlib'

const packaged = 'node_modules/@sparticuz/chromium'

/** Resolves to the folder that holds `chromium`, `lib` and `fonts.conf`. */
export async function unpackChromium(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packaged, 'package.json'), 'utf8'))
  const folder = resolve('.sparekey', `chromium-${version}`)
  if (await exists(folder)) return folder
  const unfinished = `${folder}.${process.pid}`
  await mkdir(unfinished, { recursive: true })
  await unpack('chromium.br', createWriteStream(join(unfinished, 'chromium'), { mode: 0o700 }))
  await unpackTar('al2023.tar.br', unfinished)
  await unpackTar('fonts.tar.br', unfinished)
  await writeFile(join(unfinished, 'fonts.conf'), fontsConf(folder))
  await giveName(unfinished, folder)
  return folder
}

export async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    // That there is nothing is an answer.
    return false
  }
}

function unpack(name: string, target: NodeJS.WritableStream): Promise<void> {
  const source = createReadStream(join(packaged, 'bin', name))
  return pipeline(source, createBrotliDecompress(), target)
}

/** By way of a file: tar stops reading a pipe at the archive's end, before whoever fills it is done. */
async function unpackTar(name: string, folder: string): Promise<void> {
  const archive = join(folder, 'archive.tar')
  await unpack(name, createWriteStream(archive))
  await promisify(execFile)('tar', ['-x', '-f', archive, '-C', folder])
  await rm(archive)
}

/** The package's own names only places that functions in a cloud have. */
function fontsConf(folder: string): string {
  return `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>\n`
}

/** Whoever comes second has done the same in vain. */
async function giveName(unfinished: string, folder: string): Promise<void> {
  try {
    await rename(unfinished, folder)
  } catch (error) {
    await rm(unfinished, { recursive: true })
    if (!(await exists(folder))) throw error
  }
}
