/** Pages, beside a Hono app on the same workerd that answers with the same bytes and headers. */
import { type Figure, medianOf } from './figure.ts'
import { HttpConnection, writeRequest } from './http-connection.ts'
import { runLoad } from './load.ts'
import type { Stage } from './stage.ts'

const PATHS = ['/login', '/reset_password']
const CLIENTS = [1, 8, 32]
const TARGET = 0.9

export async function benchPages(stage: Stage, rounds: number): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const path of PATHS) {
    await copyPage(stage, path)
    for (const clients of CLIENTS) figures.push(await benchPage(stage, path, clients, rounds))
  }
  return figures
}

async function benchPage(stage: Stage, path: string, clients: number, rounds: number) {
  const { service, baseline, workerd } = stage
  const load = { clients, count: 1000, status: 200, workerd }
  const rates = { ours: [] as number[], theirs: [] as number[] }
  for (let round = -1; round < rounds; round++) {
    const ours = await runLoad({ ...load, url: service, request: () => writeRequest(path) })
    const copy = () => writeRequest(`/pages${path}`)
    const theirs = await runLoad({ ...load, url: baseline, request: copy })
    if (round < 0) continue // to warm up
    rates.ours.push(ours.rate)
    rates.theirs.push(theirs.rate)
  }
  const ratio = medianOf(rates.ours.map((rate, round) => rate / (rates.theirs[round] ?? NaN)))
  return {
    what: `GET ${path}, ${clients === 1 ? 'one client' : `${clients} clients`}`,
    ours: `${medianOf(rates.ours).toFixed(0)}/s`,
    baseline: `${medianOf(rates.theirs).toFixed(0)}/s bare Hono`,
    ...{ ratio, target: `at least ${TARGET}`, met: ratio >= TARGET },
  }
}

/** Shows the baseline what the service answers. */
async function copyPage({ service, baseline }: Stage, path: string): Promise<void> {
  using connection = await HttpConnection.open(service)
  const { headers, body } = await connection.send(writeRequest(path))
  const framing = new Set(['content-length', 'transfer-encoding', 'connection', 'date'])
  const page = {
    body: Buffer.from(body, 'latin1').toString('utf8'),
    headers: Object.fromEntries([...headers].filter(([name]) => !framing.has(name))),
  }
  await fetch(new URL(`/pages${path}`, baseline), { method: 'PUT', body: JSON.stringify(page) })
  using copied = await HttpConnection.open(baseline)
  const copy = await copied.send(writeRequest(`/pages${path}`))
  if (copy.body !== body) throw new Error(`Cannot measure: the copy of ${path} is another page`)
}
