/**
 * The one esbuild step that everything run by Node goes through: Node strips
 * types from `.ts` but runs no `.tsx`, no text imports, and no TypeScript at
 * all below `node_modules`.
 */
import { build, type Plugin } from 'esbuild'
import { join, resolve } from 'node:path'
import { gatheredBytes } from './postal-mime.ts'
import { root } from './root.ts'

/**
 * What `[alias]` in wrangler.toml does: worker-mailer's sockets go through our
 * guard. For that it has to be bundled in, even where packages stay outside.
 */
export const guardedSockets: Plugin = {
  name: 'guarded-sockets',
  setup(build) {
    build.onResolve({ filter: /^cloudflare:sockets$/ }, () => ({
      path: join(root, 'src/mail/smtp/guarded-socket.ts'),
    }))
    build.onResolve({ filter: /^worker-mailer$/ }, () => ({
      path: join(root, 'node_modules/worker-mailer/dist/index.mjs'),
    }))
  },
}

/** Paths are from the project's folder. */
export interface Bundle {
  file: string
  /** What it was made of. */
  inputs: readonly string[]
}

/** Bundles one entry for Node, packages left outside; what is imported when it is needed stays apart. */
export async function bundleForNode(entry: string, outdir: string): Promise<Bundle> {
  const { metafile } = await build({
    entryPoints: [resolve(root, entry)],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    packages: 'external',
    plugins: [guardedSockets, gatheredBytes],
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    loader: { '.css': 'text', '.browser.js': 'text' },
    sourcemap: 'inline',
    absWorkingDir: root,
    logLevel: 'warning',
    metafile: true,
  })
  const outputs = Object.entries(metafile.outputs)
  const [output] = outputs.find(([, { entryPoint }]) => entryPoint === entry) ?? []
  if (output === undefined) throw new Error(`Cannot bundle ${entry}: esbuild wrote nothing`)
  return { file: output, inputs: Object.keys(metafile.inputs) }
}
