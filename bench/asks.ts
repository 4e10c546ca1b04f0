/** Asking for a link, beside a Worker that only writes the row; and what delivering it takes. */
import { type Figure, medianOf } from './figure.ts'
import { writeRequest } from './http-connection.ts'
import { runLoad } from './load.ts'
import { makePeople, newClient } from './people.ts'
import type { Stage } from './stage.ts'

const COUNT = 200
const RATE = 0.8
/** In milliseconds. */
const CPU = 4
/** In a second, over one connection. */
const DELIVERED = 150

export async function benchAsks(stage: Stage, rounds: number): Promise<Figure[]> {
  const { service, baseline, workerd, mail } = stage
  const load = { clients: 8, count: COUNT, status: 303, workerd }
  const taken = { ours: [] as number[], theirs: [] as number[], cpu: [] as number[] }
  for (let round = -1; round < rounds; round++) {
    const people = await makePeople(stage, COUNT)
    const post = (path: string, email = '') =>
      writeRequest(path, { fields: { email }, headers: newClient() })
    const [mails, cpu] = [mail.mailbox.size, workerd.cpu]
    const ask = (n: number) => post('/reset_password', people[n])
    const ours = await runLoad({ ...load, url: service, request: ask })
    await stage.untilDelivered()
    const perAsk = (workerd.cpu - cpu) / COUNT
    expectMails(mail.mailbox.size - mails, COUNT)
    const insert = (n: number) => post('/insert', people[n])
    const theirs = await runLoad({ ...load, url: baseline, request: insert })
    if (round < 0) continue // to warm up
    taken.ours.push(ours.rate)
    taken.theirs.push(theirs.rate)
    taken.cpu.push(perAsk)
  }
  const ratio = medianOf(taken.ours.map((rate, round) => rate / (taken.theirs[round] ?? NaN)))
  const cpu = medianOf(taken.cpu)
  return [
    {
      what: 'POST /reset_password, 8 clients',
      ours: `${medianOf(taken.ours).toFixed(0)}/s`,
      baseline: `${medianOf(taken.theirs).toFixed(0)}/s insert alone`,
      ...{ ratio, target: `at least ${RATE}`, met: ratio >= RATE },
    },
    {
      what: 'CPU of an ask and its delivery',
      ours: `${cpu.toFixed(1)} ms`,
      ...{ baseline: '', ratio: null, target: `at most ${CPU} ms`, met: cpu <= CPU },
    },
    await benchDelivery(stage),
  ]
}

/** From a full outbox, until it is empty. */
async function benchDelivery(stage: Stage): Promise<Figure> {
  const count = 400
  const now = Math.floor(Date.now() / 1000)
  const insert = stage.db.prepare(
    `INSERT INTO outbox (id, purpose, address, address_key, locale, next_attempt_at, created_at)
     VALUES (?1, 'register', ?2, ?2, 'en', ?3, ?3)`,
  )
  const rows = Array.from({ length: count }, (_, n) =>
    insert.bind(`bench-${n}`, `waiting-${n}@example.test`, now),
  )
  await stage.db.batch(rows)
  const before = stage.mail.mailbox.size
  const started = performance.now()
  await stage.sweep()
  const rate = (count * 1000) / (performance.now() - started)
  await stage.untilDelivered()
  expectMails(stage.mail.mailbox.size - before, count)
  return {
    what: 'mails from a full outbox, one connection',
    ours: `${rate.toFixed(0)}/s`,
    ...{ baseline: '', ratio: null, target: `at least ${DELIVERED}/s`, met: rate >= DELIVERED },
  }
}

function expectMails(came: number, asked: number): void {
  if (came !== asked) throw new Error(`Cannot measure: ${came} mails for ${asked} asks`)
}
