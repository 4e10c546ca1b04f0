/** A log-in beside the one hash in it, and a whole journey beside the two in it. */
import { type Figure, medianOf } from './figure.ts'
import { HttpConnection, writeRequest } from './http-connection.ts'
import { runLoad } from './load.ts'
import { makePeople, newClient, password } from './people.ts'
import type { Stage } from './stage.ts'

const CPU = 1.15
/** In milliseconds, beside the two hashes. */
const JOURNEY = 35
const HASHES = 20

export async function benchLogIns(stage: Stage, rounds: number): Promise<Figure[]> {
  const { service, workerd } = stage
  const taken = { ours: [] as number[], hash: [] as number[], wall: [] as number[] }
  const journeys: number[] = []
  for (let round = -1; round < rounds; round++) {
    const people = await makePeople(stage, HASHES)
    const logIn = (n: number) => post('/login', { email: people[n] ?? '', password })
    const load = { clients: 1, count: HASHES, status: 303, workerd }
    const { cpu } = await runLoad({ ...load, url: service, request: logIn })
    const hash = await timeHashes(stage)
    const journey = await timeJourney(stage)
    if (round < 0) continue // to warm up
    taken.ours.push(cpu)
    taken.hash.push(hash.cpu)
    taken.wall.push(hash.wall)
    journeys.push(journey)
  }
  const [ours, hash, wall] = [taken.ours, taken.hash, taken.wall].map(medianOf)
  const ratio = medianOf(taken.ours.map((cpu, round) => cpu / (taken.hash[round] ?? NaN)))
  const journey = medianOf(journeys)
  const rest = medianOf(journeys.map((time, round) => time - 2 * (taken.wall[round] ?? NaN)))
  return [
    {
      what: 'log-in, CPU',
      ours: `${ours?.toFixed(1)} ms`,
      baseline: `${hash?.toFixed(1)} ms one Argon2id hash`,
      ...{ ratio, target: `at most ${CPU}`, met: ratio <= CPU },
    },
    {
      what: 'a journey: ask, mail, open, choose, log in',
      ours: `${journey.toFixed(0)} ms`,
      baseline: `${wall?.toFixed(1)} ms one hash`,
      ...{ ratio: null, target: `two hashes + ${JOURNEY} ms`, met: rest <= JOURNEY },
    },
  ]
}

function post(path: string, fields: Record<string, string>): string {
  return writeRequest(path, { fields, headers: newClient() })
}

/** In milliseconds, for one. */
async function timeHashes({ baseline, workerd }: Stage): Promise<{ cpu: number; wall: number }> {
  const [cpu, started] = [workerd.cpu, performance.now()]
  await fetch(new URL(`/hash?count=${HASHES}`, baseline), { method: 'POST' })
  const wall = (performance.now() - started) / HASHES
  return { cpu: (workerd.cpu - cpu) / HASHES, wall }
}

/** In milliseconds: from asking to being back in, of five people one after the other the median. */
async function timeJourney(stage: Stage): Promise<number> {
  const times: number[] = []
  for (const email of await makePeople(stage, 5)) {
    const inbox = stage.mail.inbox(email)
    using connection = await HttpConnection.open(stage.service)
    const send = async (request: string, status: number) => {
      const answer = await connection.send(request)
      if (answer.status !== status) throw new Error(`Cannot measure: ${answer.status}: ${request}`)
    }
    const started = performance.now()
    await send(post('/reset_password', { email }), 303)
    const { pathname } = new URL((await inbox.next()).link('/reset_password/'))
    await send(writeRequest(pathname, { headers: newClient() }), 200)
    const chosen = 'quite another long one'
    await send(post(pathname, { password: chosen, confirm_password: chosen }), 303)
    await send(post('/login', { email, password: chosen }), 303)
    times.push(performance.now() - started)
    await stage.untilDelivered()
  }
  return medianOf(times)
}
