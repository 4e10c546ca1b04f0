import { defineConfig, type Plugin } from 'vitest/config'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { decoders, withGatheredBytes } from './build/postal-mime.ts'
import { loadCertificates } from './harness/certificates.ts'

// workerd reads this once, when Miniflare is loaded: so it is set before any test file is.
const { caFile } = await loadCertificates('.sparekey/certificates')
// What was set outside is kept for tests that talk to the world: npm install does.
process.env['OUTER_CA_CERTS'] = process.env['NODE_EXTRA_CA_CERTS'] ?? ''
process.env['NODE_EXTRA_CA_CERTS'] = caFile
// What many processes load is compiled once: wrangler alone is 17 MB of JavaScript.
process.env['NODE_COMPILE_CACHE'] ??= resolve('.sparekey/test/compile-cache')

const asText = '.text-import'

/**
 * What wrangler's Text rule and esbuild's text loader do: the file is its
 * content. Under a name that vitest does not know: it empties stylesheets.
 */
export const textImports: Plugin = {
  name: 'text-imports',
  enforce: 'pre',
  resolveId(source, importer) {
    if (importer === undefined || !/\.(css|browser\.js)$/.test(source)) return null
    return `${resolve(dirname(importer), source)}${asText}`
  },
  async load(id) {
    if (!id.endsWith(asText)) return null
    return `export default ${JSON.stringify(await readFile(id.slice(0, -asText.length), 'utf8'))}`
  },
}

/** What build/postal-mime.ts does to what is shipped. */
const quickParts: Plugin = {
  name: 'gathered-bytes',
  transform: {
    filter: { id: decoders },
    handler: (source) => withGatheredBytes(source),
  },
}

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  plugins: [textImports, quickParts],
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // The examples' own test runs in the packed project (test/package).
    exclude: ['test/interop/**', 'test/examples/**'],
    server: { deps: { inline: ['postal-mime'] } },
    globalSetup: ['test/build-workers.ts'],
    setupFiles: ['test/lean-connections.ts'],
    // What FULL=1 asks for is long by nature.
    testTimeout: process.env['FULL'] === '1' ? 300_000 : 20_000,
    hookTimeout: 60_000,
    // Each waits for a third of its time, for workerd or for mail.
    maxWorkers: 3,
    execArgv: ['--max-semi-space-size=64'],
    // Each process loads Miniflare, the browser's driver and ourselves once, not once a file.
    isolate: false,
    reporters: ['default', './test/slowest-tests.ts', './test/journeys/table.ts'],
    // Machines that CI shares stall now and then; a test that fails twice in a row fails.
    retry: process.env['CI'] ? 1 : 0,
  },
})
