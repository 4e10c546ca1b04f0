/**
 * One file for Deno: everything in it, also the WebAssembly and the
 * migrations, so that a server needs this file and a Deno.
 */
import { build, type Plugin } from 'esbuild'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { guardedSockets } from './bundle.ts'
import { root } from './root.ts'

/** `sparekey:argon2` becomes a module compiled at start, as a Worker gets it from its bundle. */
export const argon2Module: Plugin = {
  name: 'argon2-module',
  setup(build) {
    const require = createRequire(join(root, 'package.json'))
    build.onResolve({ filter: /^sparekey:argon2$/ }, () => ({
      path: require.resolve('@phi-ag/argon2/argon2.wasm'),
      namespace: 'argon2',
    }))
    build.onLoad({ filter: /.*/, namespace: 'argon2' }, async ({ path }) => {
      const base64 = (await readFile(path)).toString('base64')
      return {
        contents: `export default new WebAssembly.Module(Uint8Array.fromBase64('${base64}'))`,
      }
    })
  },
}

/** Numbered SQL files, as wrangler applies them. */
export const migrationsFolder = join(root, 'src/store/migrations')

/** Every migration in its folder, by name: none can be forgotten. */
export const migrations: Plugin = {
  name: 'migrations',
  setup(build) {
    build.onResolve({ filter: /^sparekey:migrations$/ }, ({ path }) => ({
      path,
      namespace: 'migrations',
    }))
    build.onLoad({ filter: /.*/, namespace: 'migrations' }, async () => {
      const names = (await readdir(migrationsFolder))
        .filter((name) => name.endsWith('.sql'))
        .toSorted()
      const files = names.map(async (name) => {
        return { name, sql: await readFile(join(migrationsFolder, name), 'utf8') }
      })
      return { contents: JSON.stringify(await Promise.all(files)), loader: 'json' }
    })
  },
}

/** Bundles one root of the service for Deno into `outfile`. */
export async function bundleForDeno(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [resolve(root, entry)],
    outfile: resolve(root, outfile),
    bundle: true,
    platform: 'browser',
    target: 'esnext',
    format: 'esm',
    external: ['node:*'],
    plugins: [guardedSockets, argon2Module, migrations],
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    loader: { '.css': 'text', '.browser.js': 'text' },
    absWorkingDir: root,
    logLevel: 'warning',
  })
}

/** `npm run build`: what to copy to a server, or `node build/deno.ts FILE`. */
if (import.meta.main) {
  const outfile = process.argv[2] ?? 'dist/sparekey.mjs'
  await bundleForDeno('src/deno.ts', outfile)
  console.error(`Wrote ${outfile}: docs/deploy.md says how to run it`)
}
