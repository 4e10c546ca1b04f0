/**
 * What `wrangler deploy` would upload.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { version } from '../src/version.ts'
import { bundles } from './build-workers.ts'

const { outdir } = bundles.deployed

test('the deployed bundle has no door for tests', async () => {
  const [deployed, tested] = await Promise.all(
    [bundles.deployed, bundles.test].map((bundle) =>
      readFile(join(bundle.outdir, 'worker.js'), 'utf8'),
    ),
  )
  expect(tested).toContain('test-door')
  expect(deployed).not.toContain('test-door')
})

test('the deployed bundle stays under 200 KB gzipped', async () => {
  const names = (await readdir(outdir)).filter((name) => !/\.(map|md)$/.test(name))
  const files = await Promise.all(names.map((name) => readFile(join(outdir, name))))
  const bytes = files.reduce((sum, file) => sum + gzipSync(file).length, 0)
  expect(bytes).toBeLessThan(200 * 1024)
})

test('the version of the service is the version of the package', async () => {
  const manifest: unknown = JSON.parse(await readFile('package.json', 'utf8'))
  expect(manifest).toMatchObject({ version })
})
