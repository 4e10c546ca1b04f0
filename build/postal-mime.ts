/**
 * Bundles postal-mime in, with `GatheredBytes` for the `Blob` in which its decoders
 * gather a part and which they await at once.
 */
import type { Plugin } from 'esbuild'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './root.ts'

/** Those of its files that make a `Blob`. */
export const decoders =
  /[\\/]postal-mime[\\/]dist[\\/]esm[\\/](?:pass-through|qp|base64)-decoder\.js$/

/** The text of a decoder, in which `Blob` is ours. Throws when it makes none: then another file does. */
export function withGatheredBytes(source: string): string {
  if (!source.includes('new Blob(')) throw new Error('This decoder of postal-mime makes no Blob')
  const ours = join(root, 'harness/message/gathered-bytes.ts')
  return `import { GatheredBytes as Blob } from ${JSON.stringify(ours)}\n${source}`
}

export const gatheredBytes: Plugin = {
  name: 'gathered-bytes',
  setup(build) {
    build.onResolve({ filter: /^postal-mime$/ }, () => ({
      path: join(root, 'node_modules/postal-mime/dist/esm/postal-mime.js'),
    }))
    build.onLoad({ filter: decoders }, async ({ path }) => ({
      contents: withGatheredBytes(await readFile(path, 'utf8')),
    }))
  },
}
