/** What a new isolate takes until its first answer, beside one that runs nearly nothing. */
import { Miniflare } from 'miniflare'
import { readModules } from '../build/worker.ts'
import type { Effort } from './compare.ts'
import { type Figure, medianOf, spreadOf } from './figure.ts'
import { HttpConnection, writeRequest } from './http-connection.ts'
import { type Build, common, settings } from './stage.ts'

/** In milliseconds. */
const TARGET = 50

export async function benchColdStart(
  { service, baseline }: Build,
  { rounds }: Effort,
): Promise<Figure> {
  const taken = { ours: [] as number[], theirs: [] as number[] }
  for (let start = 0; start <= rounds; start++) {
    taken.theirs.push(await timeFirstAnswer(baseline, '/pages/none'))
    taken.ours.push(await timeFirstAnswer(service, '/login'))
  }
  const more = taken.ours.map((ours, start) => ours - (taken.theirs[start] ?? NaN))
  const time = medianOf(more)
  return {
    what: 'first answer of a new isolate, beyond bare Hono’s',
    ours: `${time.toFixed(1)} ms`,
    spread: spreadOf(more),
    baseline: `${medianOf(taken.theirs).toFixed(1)} ms bare Hono`,
    ...{ ratio: null, target: `under ${TARGET} ms`, met: time < TARGET },
  }
}

/** In milliseconds. workerd runs a Worker's modules when the first request comes. */
async function timeFirstAnswer(folder: string, path: string): Promise<number> {
  await using miniflare = await startAlone(folder)
  const url = await miniflare.unsafeGetDirectURL()
  using connection = await HttpConnection.open(url)
  const started = performance.now()
  await connection.send(writeRequest(path))
  return performance.now() - started
}

async function startAlone(folder: string): Promise<Miniflare & AsyncDisposable> {
  const miniflare = new Miniflare({
    ...common(await readModules(folder), 'DB'),
    bindings: settings,
  })
  await miniflare.ready
  return Object.assign(miniflare, { [Symbol.asyncDispose]: () => miniflare.dispose() })
}
