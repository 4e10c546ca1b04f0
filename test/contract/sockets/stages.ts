/** Where sockets are played: one stage for each runtime that has some. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import { nodeConnect } from '../../../src/platform/node-sockets.ts'
import { type Outcome, play, type Play } from './play.ts'

export interface Stage extends AsyncDisposable {
  /** One play at a time. */
  play(scene: Play): Promise<Outcome>
}

export const stages: [runtime: string, open: () => Promise<Stage>][] = [
  ['workerd', openWorkerd],
  ['Deno', openDeno],
  ['Node', openNode],
]

async function openWorkerd(): Promise<Stage> {
  const { outputFiles } = await build({
    entryPoints: ['test/contract/sockets/worker.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    logLevel: 'warning',
  })
  const miniflare = new Miniflare({
    modules: [{ type: 'ESModule', path: 'worker.js', contents: outputFiles[0]?.text ?? '' }],
    compatibilityDate: '2026-07-01',
  })
  const url = await miniflare.ready
  return {
    async play(scene) {
      const answer = await fetch(url, { method: 'POST', body: JSON.stringify(scene) })
      return (await answer.json()) as Outcome
    },
    [Symbol.asyncDispose]: () => miniflare.dispose(),
  }
}

async function openDeno(): Promise<Stage> {
  const allowed = ['--no-prompt', '--allow-net=127.0.0.1,[::1],localhost']
  const deno = spawn(
    'node_modules/deno/deno',
    ['run', ...allowed, 'test/contract/sockets/deno.ts'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { DENO_CERT: process.env['NODE_EXTRA_CA_CERTS'], NO_COLOR: '1' },
    },
  )
  const exited = once(deno, 'exit')
  const lines = createInterface({ input: deno.stdout })[Symbol.asyncIterator]()
  return {
    async play(scene) {
      deno.stdin.write(`${JSON.stringify(scene)}\n`)
      const { value, done } = await lines.next()
      if (done === true) throw new Error('Cannot go on: Deno has ended')
      return JSON.parse(value) as Outcome
    },
    async [Symbol.asyncDispose]() {
      deno.stdin.end()
      await exited
    },
  }
}

/** In the process of the test, which trusts the throw-away authority as vitest.config.ts says. */
async function openNode(): Promise<Stage> {
  const connect = nodeConnect()
  return { play: (scene) => play(connect, scene), [Symbol.asyncDispose]: async () => {} }
}
