/**
 * Bundles the Worker once for all tests, as `wrangler deploy` does: the one
 * that is deployed, and the one whose clock a test can set; and the commands, for
 * every clone that runs them.
 */
import { readFile } from 'node:fs/promises'
import { bundleForDeno } from '../build/deno.ts'
import { bundleOnce } from '../build/kept-bundle.ts'
import { bundleWorker } from '../build/worker.ts'

export const bundles = {
  deployed: { entry: 'src/worker.ts', outdir: '.sparekey/test/deployed' },
  test: { entry: 'test/worker.ts', outdir: '.sparekey/test/test' },
} as const

/** The service for Deno, with a clock that a test can set. */
export const denoBundle = '.sparekey/test/deno/sparekey.mjs'

export default async function buildWorkers(): Promise<void> {
  await Promise.all([
    ...Object.values(bundles).map(({ entry, outdir }) => bundleWorker(entry, outdir)),
    bundleForDeno('test/deno.ts', denoBundle),
    bundleCommands(),
  ])
}

/** All that `npm run` runs by a bundle. */
async function bundleCommands(): Promise<void> {
  const entries = (await readFile('package.json', 'utf8')).matchAll(/build\/run\.ts (\S+\.ts)"/g)
  await Promise.all([...entries].map(([, entry = '']) => bundleOnce(entry)))
}
