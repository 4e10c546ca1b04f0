/**
 * The one esbuild step that everything run by Node goes through: Node strips
 * types from `.ts` but runs no `.tsx`, no text imports, and no TypeScript at
 * all below `node_modules`.
 */
import { build, type Plugin } from 'esbuild'
import { findPackageJSON } from 'node:module'
import { dirname, join, resolve } from 'node:path'

/** The project's folder, from this file and from a bundle that it is in. */
export const root = dirname(findPackageJSON(import.meta.url) ?? resolve('package.json'))

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
    plugins: [guardedSockets],
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
