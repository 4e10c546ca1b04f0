/** Asking for a link, beside a Worker that only writes the row; and what delivering it takes. */
import { compareRates, type Effort } from './compare.ts'
import { type Figure, medianOf, spreadOf } from './figure.ts'
import { fetchOnce } from './fetch-once.ts'
import { writeRequest } from './http-connection.ts'
import { runLoad, type Sample } from './load.ts'
import { makePeople, newClient } from './people.ts'
import type { Stage } from './stage.ts'

const COUNT = 200
/** At 8 clients. */
const RATE = 0.8
/** In milliseconds. */
const CPU = 4
/** In a second, over one connection. */
const DELIVERED = 150

export async function benchAsks(stage: Stage, effort: Effort): Promise<Figure[]> {
  /** CPU with the delivery, round by round. */
  const [ours, theirs]: [number[], number[]] = [[], []]
  const figures: Figure[] = []
  for (const clients of effort.clients) {
    const comparison = {
      ...{ what: 'POST /reset_password', clients, rounds: effort.rounds, baseline: 'insert alone' },
      ours: async () => {
        const { sample, cpu } = await ask(stage, clients)
        if (clients === 8) ours.push(cpu)
        return sample
      },
      theirs: async () => {
        const { sample, cpu } = await askBare(stage, clients)
        if (clients === 8) theirs.push(cpu)
        return sample
      },
    }
    figures.push(await compareRates({ ...comparison, ...(clients === 8 && { least: RATE }) }))
  }
  const rows = await compareRates({
    ...{ what: 'the three rows of an ask alone', clients: 8, rounds: effort.rounds },
    ...{ baseline: 'insert alone' },
    ours: () => postMany(stage, 8, '/ask'),
    theirs: () => postMany(stage, 8, '/insert'),
  })
  return [
    ...figures,
    rows,
    compareWhole(ours.slice(1), theirs.slice(1)), // the first was to warm up
    await benchDelivery(stage, effort.rounds),
  ]
}

/** In milliseconds, round by round. */
function compareWhole(ours: readonly number[], theirs: readonly number[]): Figure {
  const [cpu, bare] = [medianOf(ours), medianOf(theirs)]
  return {
    what: 'CPU of an ask and its delivery, 8 clients',
    ours: `${cpu.toFixed(1)} ms`,
    spread: spreadOf(ours),
    baseline: `${bare.toFixed(1)} ms bare Worker`,
    ...{ ratio: cpu / bare, target: `at most ${CPU} ms`, met: cpu <= CPU },
  }
}

/** `cpu` counts until the outbox is empty and every mail has come, in milliseconds for one. */
async function ask(stage: Stage, clients: number): Promise<{ sample: Sample; cpu: number }> {
  const { service: url, workerd, mail } = stage
  const people = await makePeople(stage, COUNT)
  const [mails, cpu] = [mail.mailbox.size, workerd.cpu]
  const request = (n: number) => post('/reset_password', people[n]?.address)
  const sample = await runLoad({ url, clients, count: COUNT, status: 303, request, workerd })
  await stage.untilDelivered()
  const perAsk = (workerd.cpu - cpu) / COUNT
  expectMails(mail.mailbox.size - mails, COUNT)
  return { sample, cpu: perAsk }
}

/** The row alone, and then all mails over one connection: bench/baseline/recovery.ts. */
async function askBare(stage: Stage, clients: number): Promise<{ sample: Sample; cpu: number }> {
  const { baseline, baselineDb, workerd, mail } = stage
  await baselineDb.prepare('DELETE FROM outbox').run()
  const [mails, cpu] = [mail.mailbox.size, workerd.cpu]
  const sample = await postMany(stage, clients, '/insert')
  await fetchOnce('/deliver', baseline, { method: 'POST' })
  const perAsk = (workerd.cpu - cpu) / COUNT
  expectMails(mail.mailbox.size - mails, COUNT)
  return { sample, cpu: perAsk }
}

let posted = 0

function postMany(
  { baseline: url, workerd }: Stage,
  clients: number,
  path: string,
): Promise<Sample> {
  const request = () => post(path, `insert-${posted++}@example.test`)
  return runLoad({ url, clients, count: COUNT, status: 303, request, workerd })
}

function post(path: string, email = ''): string {
  return writeRequest(path, { fields: { email }, headers: newClient() })
}

/** From a full outbox, until it is empty. */
async function benchDelivery(stage: Stage, rounds: number): Promise<Figure> {
  const count = 400
  const rates: number[] = []
  const cpus: number[] = []
  for (let round = -1; round < rounds; round++) {
    await fillOutbox(stage, count)
    const before = stage.mail.mailbox.size
    const [started, cpu] = [performance.now(), stage.workerd.cpu]
    await stage.sweep()
    const time = performance.now() - started
    await stage.untilDelivered()
    expectMails(stage.mail.mailbox.size - before, count)
    if (round < 0) continue // to warm up
    rates.push((count * 1000) / time)
    cpus.push((stage.workerd.cpu - cpu) / count)
  }
  const rate = medianOf(rates)
  return {
    what: 'mails from a full outbox, one connection',
    ours: `${rate.toFixed(0)}/s`,
    ...{ spread: spreadOf(rates), cpu: medianOf(cpus) },
    ...{ baseline: '', ratio: null, target: `at least ${DELIVERED}/s`, met: rate >= DELIVERED },
  }
}

let filled = 0

async function fillOutbox({ db }: Stage, count: number): Promise<void> {
  const now = Math.floor(Date.now() / 1000)
  const waiting = db.prepare(
    `INSERT INTO outbox (id, purpose, address, address_key, locale, next_attempt_at, created_at)
     VALUES (?1, 'register', ?2, ?2, 'en', ?3, ?3)`,
  )
  const numbers = Array.from({ length: count }, () => filled++)
  await db.batch(numbers.map((n) => waiting.bind(`bench-${n}`, `waiting-${n}@example.test`, now)))
}

function expectMails(came: number, asked: number): void {
  if (came !== asked) throw new Error(`Cannot measure: ${came} mails for ${asked} asks`)
}
