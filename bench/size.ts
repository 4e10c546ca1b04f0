/** How large the Worker is that is uploaded. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Figure } from './figure.ts'

/** In KB of 1,024 bytes. */
const TARGET = 200

/** Of what `wrangler deploy` writes, without source maps. */
export async function benchSize(folder: string): Promise<Figure> {
  const names = (await readdir(folder)).filter((name) => /\.(js|wasm|css)$/.test(name))
  const files = await Promise.all(names.map((name) => readFile(join(folder, name))))
  const size = files.reduce((sum, file) => sum + gzipSync(file).length, 0) / 1024
  return {
    what: 'Worker, gzipped',
    ours: `${size.toFixed(0)} KB`,
    ...{ baseline: '', ratio: null, target: `under ${TARGET} KB`, met: size < TARGET },
  }
}
