/** Two hundred log-ins at once on one isolate: more than it can hash in good time. */
import type { Effort } from './compare.ts'
import { type Figure, latencyOf, medianOf, spreadOf } from './figure.ts'
import { type HttpAnswer, HttpConnection, writeRequest } from './http-connection.ts'
import { hash } from './log-ins.ts'
import { makePeople, newClient, password } from './people.ts'
import type { Stage } from './stage.ts'

const AT_ONCE = 200
/** Accepted ones in a second, of the hashes that the machine does in a second. */
const RATE = 0.8
/** p99 of other pages, in hashes. */
const PAGES = 3

interface Rush {
  accepted: number
  turnedAway: number
  /** Accepted ones in a second. */
  rate: number
  /** Of a page that somebody else opens meanwhile, in milliseconds. */
  pages: number[]
  /** In milliseconds, measured right before. */
  hash: number
  /** Of workerd, in MB. */
  growth: number
}

export async function benchOverload(stage: Stage, { rounds }: Effort): Promise<Figure[]> {
  const rushes: Rush[] = []
  for (let round = -1; round < rounds; round++) {
    const taken = await rush(stage)
    if (round >= 0) rushes.push(taken) // the first was to warm up
  }
  const shares = rushes.map(({ rate, hash: one }) => (rate * one) / 1000)
  const share = medianOf(shares)
  const p99s = rushes.map(({ pages, hash: one }) => latencyOf(pages).p99 / one)
  const [p99, one] = [medianOf(p99s), medianOf(rushes.map((each) => each.hash))]
  const growth = medianOf(rushes.map((each) => each.growth))
  const accepted = medianOf(rushes.map((each) => each.accepted))
  return [
    {
      what: `${AT_ONCE} log-ins at once: ${accepted} accepted, the others 503`,
      ours: `${medianOf(rushes.map(({ rate }) => rate)).toFixed(1)}/s`,
      spread: spreadOf(shares),
      baseline: `${(1000 / one).toFixed(1)}/s hashes`,
      ...{ ratio: share, target: `at least ${RATE}`, met: share >= RATE },
    },
    {
      what: 'GET /login meanwhile, p99',
      ours: `${(p99 * one).toFixed(0)} ms`,
      spread: spreadOf(p99s),
      latency: latencyOf(rushes.flatMap(({ pages }) => pages)),
      baseline: `${one.toFixed(1)} ms one hash`,
      ...{ ratio: p99, target: `at most ${PAGES}`, met: p99 <= PAGES },
    },
    {
      what: 'growth of memory meanwhile',
      ours: `${growth.toFixed(0)} MB`,
      ...{ baseline: '', ratio: null, target: '', met: null },
    },
  ]
}

async function rush(stage: Stage): Promise<Rush> {
  const { service, workerd } = stage
  const people = await makePeople(stage, AT_ONCE)
  const one = 1000 / (await hash(stage, 20)).rate
  const before = workerd.memory
  await using opened = new AsyncDisposableStack()
  const open = async () => opened.use(await HttpConnection.open(service))
  const connections = await Promise.all(people.map(open))
  const visitor = await open()

  const started = performance.now()
  const logIns = connections.map((connection, n) => {
    const fields = { email: people[n]?.address ?? '', password }
    return connection.send(writeRequest('/login', { fields, headers: newClient() }))
  })
  let isOver = false
  const answered = Promise.all(logIns).finally(() => (isOver = true))
  const pages: number[] = []
  while (!isOver) {
    const asked = performance.now()
    expectStatus(await visitor.send(writeRequest('/login')), [200])
    pages.push(performance.now() - asked)
  }
  const answers = await answered
  const seconds = (performance.now() - started) / 1000
  for (const answer of answers) expectStatus(answer, [303, 503])
  const accepted = answers.filter(({ status }) => status === 303).length
  return {
    accepted,
    turnedAway: answers.length - accepted,
    ...{ rate: accepted / seconds, pages, hash: one },
    growth: (workerd.memory - before) / 1024 / 1024,
  }
}

/** Whoever is turned away is told when to come back. */
function expectStatus({ status, headers }: HttpAnswer, statuses: readonly number[]): void {
  const isComplete = status !== 503 || headers.has('retry-after')
  if (!statuses.includes(status) || !isComplete) throw new Error(`Cannot measure: ${status}`)
}
