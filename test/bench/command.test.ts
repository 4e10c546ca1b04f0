/** `npm run bench` as its user starts it: long by nature, so with FULL=1. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Figure } from '../../bench/figure.ts'
import { full } from '../full.ts'

let temporary = ''

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'sparekey-bench-test-'))
})
afterEach(() => rm(temporary, { recursive: true }))

function bench(...options: string[]) {
  return spawn(process.execPath, ['build/run.ts', 'commands/bench.ts', ...options], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

describe.runIf(full)('npm run bench', { timeout: 300_000 }, () => {
  test('--quick --json gives every figure, and leaves nothing behind', async () => {
    const child = bench('--quick', '--json')
    child.stderr.resume()
    const figures = JSON.parse(await text(child.stdout)) as Figure[]
    const whats = figures.map(({ what }) => what).join('\n')
    for (const what of ['GET /login', 'POST /reset_password', 'POST /login', 'journey', 'harness'])
      expect(whats).toContain(what)
    for (const { ours, target, met } of figures) {
      expect(ours).toMatch(/^-?\d/)
      expect(typeof met).toBe(target === '' ? 'object' : 'boolean')
    }
    expect(await leftBehind()).toEqual([])
  })

  test('Ctrl-C in the middle stops what was started', async () => {
    const child = bench('--quick')
    for await (const line of createInterface({ input: child.stderr }))
      if (line.startsWith('Measuring: asks')) break
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([130, null])
    expect(await leftBehind()).toEqual([])
  })
})

/** Of the bench itself; Miniflare and esbuild keep theirs. */
async function leftBehind(): Promise<string[]> {
  return (await readdir(temporary)).filter((name) => name.startsWith('sparekey-'))
}
