/**
 * `prepack`: what goes into the package. Node runs no TypeScript below
 * `node_modules` and no `.tsx` at all, so entries are bundled to JavaScript,
 * with their own dependencies left outside, and their types stand beside them.
 *
 * worker-mailer is bundled in with its guard: an app that mounts the service
 * needs no alias, and keeps its own `cloudflare:sockets`. So are the figures of
 * caniemail.com that the harness knows, and postal-mime without its `Blob`s.
 */
import { build, type BuildOptions, type Plugin } from 'esbuild'
import { chmod, cp, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { guardedSockets } from './bundle.ts'
import { argon2Module, migrations, migrationsFolder } from './deno.ts'
import { gatheredBytes } from './postal-mime.ts'
import { runTsc } from './tsc.ts'

const DIST = 'dist'

/** Left there by `npm run build`, and no part of the package. */
const SERVER = 'sparekey.mjs'

/** Entry points by the name they have in `dist`: one bundle, so that they share their classes. */
const service = {
  index: 'src/index.ts',
  workers: 'src/workers.ts',
  deno: 'src/deno-server.ts',
  pages: 'templates/pages/index.ts',
}

const tools = {
  'harness/index': 'harness/index.ts',
  'harness/vitest': 'harness/vitest.ts',
  cli: 'commands/cli.ts',
}

/** The data alone: the package around it asks for a formatter and a compiler, 30 MB of them. */
const bundledData: Plugin = {
  name: 'bundled-data',
  setup(build) {
    const data = 'caniemail/caniemail.json'
    build.onResolve({ filter: new RegExp(`^${data}$`) }, () => ({
      path: createRequire(import.meta.url).resolve(data),
    }))
  },
}

await clean()
await Promise.all([
  bundle(service, { platform: 'neutral', plugins: [guardedSockets, argon2Module, migrations] }),
  bundle(tools, { platform: 'node', plugins: [guardedSockets, gatheredBytes, bundledData] }),
  declare(),
  cp(migrationsFolder, `${DIST}/migrations`, { recursive: true }),
])
await chmod(`${DIST}/cli.js`, 0o755)

async function clean(): Promise<void> {
  const names = await readdir(DIST).catch(() => [])
  const ours = names.filter((name) => name !== SERVER)
  await Promise.all(ours.map((name) => rm(`${DIST}/${name}`, { recursive: true })))
}

async function bundle(entryPoints: Record<string, string>, options: BuildOptions): Promise<void> {
  await build({
    entryPoints,
    outdir: DIST,
    bundle: true,
    splitting: true,
    target: 'es2024',
    format: 'esm',
    packages: 'external',
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    loader: { '.css': 'text', '.browser.js': 'text' },
    chunkNames: 'chunks/[hash]',
    logLevel: 'warning',
    ...options,
  })
}

/** Writes types and checks none: `npm run check:types` has, and it would take three times as long. */
function declare(): Promise<void> {
  return runTsc('build/tsconfig.package.json', '--noCheck')
}
