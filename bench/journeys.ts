/**
 * The whole way back in, everything real, beside the two hashes in it; and beside
 * the same way by a Worker that does nothing for anybody's safety.
 */
import { countClients, type Effort } from './compare.ts'
import { type Figure, latencyOf, medianOf, spreadOf } from './figure.ts'
import { HttpConnection, writeRequest } from './http-connection.ts'
import { hash } from './log-ins.ts'
import { makePeople, newClient, type Person } from './people.ts'
import type { Stage } from './stage.ts'

/** In milliseconds, beside the two hashes, for one client. */
const TARGET = 35

export async function benchJourneys(stage: Stage, { rounds, clients }: Effort): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const each of clients) figures.push(...(await benchJourney(stage, each, rounds)))
  return figures
}

async function benchJourney(stage: Stage, clients: number, rounds: number): Promise<Figure[]> {
  const count = Math.max(8, clients)
  const taken: { times: number[]; bare: number[]; rate: number; cpu: number; hash: number }[] = []
  for (let round = -1; round < rounds; round++) {
    const bare = clients === 1 ? await walkBare(stage, count) : []
    const people = await makePeople(stage, count)
    const [started, cpu] = [performance.now(), stage.workerd.cpu]
    const times = await walkAll(stage, people, clients)
    const rate = (count * 1000) / (performance.now() - started)
    await stage.untilDelivered()
    const perJourney = (stage.workerd.cpu - cpu) / count
    const hashTime = 1000 / (await hash(stage, 20)).rate
    if (round >= 0) taken.push({ times, bare, rate, cpu: perJourney, hash: hashTime }) // the first was to warm up
  }
  const what = `journey: ask, mail, open, choose, log in; ${countClients(clients)}`
  const rates = taken.map(({ rate }) => rate)
  const rests = taken.map(({ times, hash: one }) => medianOf(times) - 2 * one)
  const bareRests = taken.map(({ bare, hash: one }) => medianOf(bare) - 2 * one)
  const whole: Figure = {
    what,
    ours: `${medianOf(rates).toFixed(1)}/s`,
    spread: spreadOf(rates),
    latency: latencyOf(taken.flatMap(({ times }) => times)),
    cpu: medianOf(taken.map(({ cpu }) => cpu)),
    baseline: `${medianOf(taken.map(({ hash: one }) => one)).toFixed(1)} ms one hash`,
    ...{ ratio: null, target: '', met: null },
  }
  if (clients > 1) return [whole]
  return [whole, describeRest(rests, medianOf(bareRests))]
}

function describeRest(rests: readonly number[], bare: number): Figure {
  const rest = medianOf(rests)
  return {
    what: 'journey, beside its two hashes; one client',
    ours: `${rest.toFixed(1)} ms`,
    spread: spreadOf(rests),
    baseline: `${bare.toFixed(1)} ms bare Worker`,
    ratio: rest / bare,
    ...{ target: `at most ${TARGET} ms`, met: rest <= TARGET },
  }
}

/** The least that a machine does it in: bench/baseline/recovery.ts. */
async function walkBare({ baseline: service, baselineDb, mail }: Stage, count: number) {
  return walkAll({ service, mail }, await makePeople({ db: baselineDb }, count), 1)
}

type Place = Pick<Stage, 'service' | 'mail'>

/** In milliseconds, of each. */
async function walkAll(stage: Place, people: readonly Person[], clients: number) {
  const times: number[] = []
  const waiting = [...people]
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let person = waiting.pop(); person !== undefined; person = waiting.pop())
        times.push(await walk(stage, person))
    }),
  )
  return times
}

/** In milliseconds: from asking to being back in. */
async function walk(stage: Place, { address: email }: Person): Promise<number> {
  const inbox = stage.mail.inbox(email)
  using opened = new DisposableStack()
  let connection = opened.use(await HttpConnection.open(stage.service))
  const send = async (request: string, status: number) => {
    const answer = await connection.send(request)
    if (answer.status !== status) throw new Error(`Cannot measure: ${answer.status}: ${request}`)
  }
  const chosen = 'quite another long one'
  const started = performance.now()
  await send(post('/reset_password', { email }), 303)
  const { pathname } = new URL((await inbox.next({}, { timeout: 20_000 })).link('/reset_password/'))
  if (connection.isOver) connection = opened.use(await HttpConnection.open(stage.service))
  await send(writeRequest(pathname, { headers: newClient() }), 200)
  await send(post(pathname, { password: chosen, confirm_password: chosen }), 303)
  await send(post('/login', { email, password: chosen }), 303)
  return performance.now() - started
}

function post(path: string, fields: Record<string, string>): string {
  return writeRequest(path, { fields, headers: newClient() })
}
