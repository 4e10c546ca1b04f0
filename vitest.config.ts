import { defineConfig } from 'vitest/config'
import { readFile } from 'node:fs/promises'

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  plugins: [
    {
      // What wrangler's Text rule and esbuild's text loader do: the file is its content.
      name: 'text-imports',
      enforce: 'pre',
      async load(id) {
        if (!/\.(css|browser\.js)$/.test(id)) return null
        return `export default ${JSON.stringify(await readFile(id, 'utf8'))}`
      },
    },
  ],
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
})
