import { defineConfig, type Plugin } from 'vitest/config'
import { readFile } from 'node:fs/promises'
import { loadCertificates } from './harness/certificates.ts'

// workerd reads this once, when Miniflare is loaded: so it is set before any test file is.
const { caFile } = await loadCertificates('.sparekey/certificates')
process.env['NODE_EXTRA_CA_CERTS'] = caFile

/** What wrangler's Text rule and esbuild's text loader do: the file is its content. */
export const textImports: Plugin = {
  name: 'text-imports',
  enforce: 'pre',
  async load(id) {
    if (!/\.(css|browser\.js)$/.test(id)) return null
    return `export default ${JSON.stringify(await readFile(id, 'utf8'))}`
  },
}

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  plugins: [textImports],
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/interop/**'],
    globalSetup: ['test/build-workers.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
})
