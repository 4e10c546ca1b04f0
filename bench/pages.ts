/** Pages, beside a Hono app on the same workerd that answers with the same bytes and headers. */
import { compareRates, type Effort } from './compare.ts'
import { fetchOnce } from './fetch-once.ts'
import type { Figure } from './figure.ts'
import { HttpConnection, writeRequest } from './http-connection.ts'
import { runLoad } from './load.ts'
import type { Stage } from './stage.ts'

const PATHS = ['/login', '/reset_password']
/** A tenth of a second: in many short turns, what else the machine does hits both sides alike. */
const COUNT = 500

export async function benchPages(stage: Stage, { rounds, clients }: Effort): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const path of PATHS) {
    await copyPage(stage, path)
    for (const each of clients) figures.push(await benchPage(stage, path, each, rounds))
  }
  return figures
}

function benchPage(stage: Stage, path: string, clients: number, rounds: number): Promise<Figure> {
  const { service, baseline, workerd } = stage
  const load = { clients, count: COUNT, status: 200, workerd }
  const get = (url: URL, target: string) => () =>
    runLoad({ ...load, url, request: () => writeRequest(target, { headers: browser }) })
  return compareRates({
    what: `GET ${path}`,
    ...{ clients, rounds, baseline: 'bare Hono', least: 0.9 },
    ours: get(service, path),
    theirs: get(baseline, `/pages${path}`),
  })
}

/** What a browser says of itself, and the service looks at. */
const browser = {
  'Accept-Language': 'en-GB,en;q=0.9,de;q=0.5',
  'CF-Connecting-IP': '2001:db8:1:2::3',
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
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
  await fetchOnce(`/pages${path}`, baseline, { method: 'PUT', body: JSON.stringify(page) })
  using copied = await HttpConnection.open(baseline)
  const copy = await copied.send(writeRequest(`/pages${path}`))
  if (copy.body !== body) throw new Error(`Cannot measure: the copy of ${path} is another page`)
}
