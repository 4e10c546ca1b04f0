/**
 * Bundles the Worker once for all tests, as `wrangler deploy` does: the one
 * that is deployed, and the one whose clock a test can set; and the commands, for
 * every clone that runs them. Splits the migrations once, too, by wrangler's own rules.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { bundleForDeno } from '../build/deno.ts'
import { bundleOnce } from '../build/kept-bundle.ts'
import { bundleWorker, readMigrations } from '../build/worker.ts'

export const bundles = {
  deployed: { entry: 'src/worker.ts', outdir: '.sparekey/test/deployed' },
  test: { entry: 'test/worker.ts', outdir: '.sparekey/test/test' },
} as const

/** The service for Deno, with a clock that a test can set. */
export const denoBundle = '.sparekey/test/deno/sparekey.mjs'

/** The statements of all migrations in order, as a JSON array of texts. */
export const migrationStatements = '.sparekey/test/migrations.json'

export default async function buildWorkers(): Promise<void> {
  await Promise.all([
    ...Object.values(bundles).map(({ entry, outdir }) => bundleWorker(entry, outdir)),
    bundleForDeno('test/deno.ts', denoBundle),
    bundleCommands(),
    splitMigrations(),
  ])
}

/** All that `npm run` runs by a bundle. */
async function bundleCommands(): Promise<void> {
  const entries = (await readFile('package.json', 'utf8')).matchAll(/build\/run\.ts (\S+\.ts)"/g)
  await Promise.all([...entries].map(([, entry = '']) => bundleOnce(entry)))
}

async function splitMigrations(): Promise<void> {
  await mkdir('.sparekey/test', { recursive: true })
  await writeFile(migrationStatements, JSON.stringify(await readMigrations()))
}
