/**
 * Runs the delivering Worker in workerd, bundled as wrangler bundles the
 * service, and trusts the throw-away authority as vitest.config.ts says.
 */
import { build } from 'esbuild'
import { Log, LogLevel, Miniflare } from 'miniflare'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { guardedSockets } from '../../../build/bundle.ts'
import { root } from '../../../build/root.ts'
import { loadCertificates } from '../../../harness/certificates.ts'
import type { Outcome, Task } from './task.ts'

export const certificates = await loadCertificates(join(root, '.sparekey/certificates'))

/** Starts workerd; `stop` ends it. */
export async function startTransportHost() {
  const log: string[] = []
  const workerd = new Miniflare({
    modules: [{ type: 'ESModule', path: 'worker.js', contents: await bundleWorker() }],
    compatibilityDate: '2026-07-01',
    log: new Log(LogLevel.NONE),
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
      for (const stream of [stdout, stderr]) stream.on('data', (chunk) => log.push(String(chunk)))
    },
  })
  const url = await workerd.ready
  await fetch(url) // The first request loads the Worker.
  return {
    url,
    /** What workerd wrote to its standard output and error. */
    log,
    stop: () => workerd.dispose(),
    async run(task: Task): Promise<Outcome> {
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(task) })
      if (!response.ok) throw new Error(`The Worker died: ${await response.text()}`)
      const outcome: Outcome = await response.json()
      return outcome
    },
    /** How long the Worker takes for a request that has nothing to do with mail: the best of three, in milliseconds. */
    async quickestAnswer(): Promise<number> {
      const times = []
      for (let round = 0; round < 3; round += 1) times.push(await timeOf(() => fetch(url)))
      return Math.min(...times)
    },
  }
}

export type TransportHost = Awaited<ReturnType<typeof startTransportHost>>

async function timeOf(request: () => Promise<Response>): Promise<number> {
  const start = performance.now()
  await (await request()).text()
  return performance.now() - start
}

async function bundleWorker(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'test/mail/smtp/transport-worker.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    plugins: [guardedSockets],
    logLevel: 'warning',
  })
  const [output] = outputFiles
  if (output === undefined) throw new Error('esbuild wrote nothing')
  return output.text
}
