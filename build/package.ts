/**
 * `prepack`: what goes into the package. Node runs no TypeScript below
 * `node_modules` and no `.tsx` at all, so entries are bundled to JavaScript,
 * with their own dependencies left outside, and their types stand beside them.
 */
import { build } from 'esbuild'
import { execFile } from 'node:child_process'
import { chmod, rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { guardedSockets } from './bundle.ts'

const DIST = 'dist'

/** Entry points by the name they have in `dist`. */
const entries = {
  'harness/index': 'harness/index.ts',
  'harness/vitest': 'harness/vitest.ts',
  cli: 'commands/cli.ts',
}

await rm(DIST, { recursive: true, force: true })
await Promise.all([bundle(), declare()])
await chmod(`${DIST}/cli.js`, 0o755)

async function bundle(): Promise<void> {
  await build({
    entryPoints: entries,
    outdir: DIST,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    packages: 'external',
    plugins: [guardedSockets],
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    loader: { '.css': 'text', '.browser.js': 'text' },
    chunkNames: 'chunks/[hash]',
    logLevel: 'warning',
  })
}

async function declare(): Promise<void> {
  await promisify(execFile)(process.execPath, [
    'node_modules/typescript/bin/tsc',
    '--project',
    'build/tsconfig.package.json',
  ])
}
