/**
 * The one esbuild step that everything run by Node goes through: Node strips
 * types from `.ts` but runs no `.tsx`, no text imports, and no TypeScript at
 * all below `node_modules`.
 */
import { build } from 'esbuild'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')

/** Bundles one entry for Node, packages left outside; resolves to the file that was written. */
export async function bundleForNode(entry: string, outdir = join(root, '.sparekey/build')) {
  const result = await build({
    entryPoints: [resolve(root, entry)],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    packages: 'external',
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    loader: { '.css': 'text', '.browser.js': 'text' },
    sourcemap: 'inline',
    logLevel: 'warning',
    metafile: true,
  })
  const [output] = Object.keys(result.metafile.outputs)
  if (output === undefined) throw new Error(`Cannot bundle ${entry}: esbuild wrote nothing`)
  return resolve(output)
}
