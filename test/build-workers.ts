/**
 * Bundles the Worker once for all tests, as `wrangler deploy` does: the one
 * that is deployed, and the one whose clock a test can set. Splits the
 * migrations once, too, by wrangler's own rules.
 */
import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundleForDeno } from '../build/deno.ts'

const run = promisify(execFile)

export const bundles = {
  deployed: { entry: 'src/worker.ts', outdir: '.sparekey/test/deployed' },
  test: { entry: 'test/worker.ts', outdir: '.sparekey/test/test' },
  mounted: { entry: 'test/examples/mounted/worker.ts', outdir: '.sparekey/test/mounted' },
} as const

/** The service for Deno, with a clock that a test can set. */
export const denoBundle = '.sparekey/test/deno/sparekey.mjs'

/** The statements of all migrations in order, as a JSON array of texts. */
export const migrationStatements = '.sparekey/test/migrations.json'

export default async function buildWorkers(): Promise<void> {
  await Promise.all([
    ...Object.values(bundles).map(buildWorker),
    bundleForDeno('test/deno.ts', denoBundle),
    splitMigrations(),
  ])
}

async function buildWorker({ entry, outdir }: { entry: string; outdir: string }): Promise<void> {
  const wrangler = 'node_modules/wrangler/bin/wrangler.js'
  await run(process.execPath, [wrangler, 'deploy', entry, '--dry-run', '--outdir', outdir], {
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' },
  })
}

async function splitMigrations(): Promise<void> {
  const { unstable_splitSqlQuery: splitSql } = await import('wrangler')
  const folder = 'src/store/migrations'
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted()
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  await mkdir('.sparekey/test', { recursive: true })
  await writeFile(migrationStatements, JSON.stringify(texts.flatMap((text) => splitSql(text))))
}
