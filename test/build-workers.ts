/**
 * Bundles the Worker once for all tests, as `wrangler deploy` does: the one
 * that is deployed, and the one whose clock a test can set.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const bundles = {
  deployed: { entry: 'src/worker.ts', outdir: '.sparekey/test/deployed' },
  test: { entry: 'test/worker.ts', outdir: '.sparekey/test/test' },
} as const

export default async function buildWorkers(): Promise<void> {
  await Promise.all(Object.values(bundles).map(buildWorker))
}

async function buildWorker({ entry, outdir }: { entry: string; outdir: string }): Promise<void> {
  const wrangler = 'node_modules/wrangler/bin/wrangler.js'
  await run(process.execPath, [wrangler, 'deploy', entry, '--dry-run', '--outdir', outdir], {
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' },
  })
}
