/** Logging in and redeeming a link, beside the one hash in each. */
import { createKeyring } from '../src/account/keyring.ts'
import { mintLinkToken } from '../src/account/link-token.ts'
import { compareRates, type Effort } from './compare.ts'
import { fetchOnce } from './fetch-once.ts'
import { type Figure, medianOf, spreadOf } from './figure.ts'
import { writeRequest } from './http-connection.ts'
import { runLoad, type Sample } from './load.ts'
import { makePeople, newClient, password, type Person } from './people.ts'
import { SECRET_KEY, type Stage } from './stage.ts'

/** Of a log-in, in hashes. */
const CPU = 1.15
/** Few enough for no one to be turned away. */
const COUNT = 32
const BARE_COUNT = 16

type Request = (person: Person) => Promise<string>

export async function benchLogIns(stage: Stage, effort: Effort): Promise<Figure[]> {
  return [
    ...(await benchHashed(stage, effort, { what: 'POST /login', request: logIn, most: CPU })),
    await benchBare(stage, effort.rounds),
    ...(await benchHashed(stage, effort, { what: 'POST /reset_password/:token', request: redeem })),
  ]
}

interface Hashed {
  what: string
  request: Request
  /** CPU, in hashes; what is not aimed at has none. */
  most?: number
}

async function benchHashed(
  stage: Stage,
  { clients, rounds }: Effort,
  { what, request, most }: Hashed,
): Promise<Figure[]> {
  const figures: Figure[] = []
  const cpu = { ours: [] as number[], hash: [] as number[] }
  for (const each of clients) {
    const figure = await compareRates({
      ...{ what, clients: each, rounds, baseline: 'hashes' },
      ours: async () => {
        const sample = await send(stage, each, request)
        if (each === clients[0]) cpu.ours.push(sample.cpu)
        return sample
      },
      theirs: async () => {
        const sample = await hash(stage)
        if (each === clients[0]) cpu.hash.push(sample.cpu)
        return sample
      },
    })
    figures.push(figure)
  }
  return [...figures, compareCpu({ what, ...cpu, ...(most && { most }) })]
}

interface Cpu {
  what: string
  /** In milliseconds, round by round; the first was to warm up. */
  ours: readonly number[]
  hash: readonly number[]
  most?: number
}

function compareCpu({ what, most, ...cpu }: Cpu): Figure {
  const [ours, hashes] = [cpu.ours.slice(1), cpu.hash.slice(1)]
  const ratios = ours.map((each, round) => each / (hashes[round] ?? NaN))
  const ratio = medianOf(ratios)
  return {
    what: `CPU of ${what}`,
    ours: `${medianOf(ours).toFixed(1)} ms`,
    spread: spreadOf(ratios),
    baseline: `${medianOf(hashes).toFixed(1)} ms one hash`,
    ratio,
    ...(most === undefined
      ? { target: '', met: null }
      : { target: `at most ${most}`, met: ratio <= most }),
  }
}

/** The least that a log-in takes: one row looked up, one hash, one row written (bench/baseline/recovery.ts). */
async function benchBare(stage: Stage, rounds: number): Promise<Figure> {
  const { baseline: service, baselineDb: db, workerd } = stage
  const cpu = { ours: [] as number[], hash: [] as number[] }
  for (let round = -1; round < rounds; round++) {
    cpu.ours.push((await sendAll({ service, db, workerd }, 1, logIn, BARE_COUNT)).cpu)
    cpu.hash.push((await hash(stage, BARE_COUNT)).cpu)
  }
  return compareCpu({ what: 'a log-in by a bare Worker', ...cpu })
}

async function send(stage: Stage, clients: number, request: Request): Promise<Sample> {
  const sample = await sendAll(stage, clients, request)
  await stage.untilDelivered()
  return sample
}

async function sendAll(
  { service: url, workerd, ...place }: Pick<Stage, 'service' | 'db' | 'workerd'>,
  clients: number,
  request: Request,
  count = COUNT,
): Promise<Sample> {
  const requests = await Promise.all((await makePeople(place, count)).map(request))
  const nth = (n: number) => requests[n] ?? ''
  return runLoad({ url, clients, count, status: 303, request: nth, workerd })
}

function logIn({ address: email }: Person): Promise<string> {
  const fields = { email, password }
  return Promise.resolve(writeRequest('/login', { fields, headers: newClient() }))
}

const keyring = createKeyring([SECRET_KEY])
const chosen = 'quite another long one'

async function redeem({ id: account }: Person): Promise<string> {
  const inTenMinutes = Math.floor(Date.now() / 1000) + 600
  const link = { purpose: 'reset', account, credentialVersion: 1 } as const
  const token = await mintLinkToken(keyring, link, inTenMinutes)
  const fields = { password: chosen, confirm_password: chosen }
  return writeRequest(`/reset_password/${token}`, { fields, headers: newClient() })
}

/** Hashes one after the other, with nothing around them. */
export async function hash({ baseline, workerd }: Stage, count = COUNT): Promise<Sample> {
  const [cpu, started] = [workerd.cpu, performance.now()]
  await fetchOnce(`/hash?count=${count}`, baseline, { method: 'POST' })
  const time = performance.now() - started
  return { rate: (count * 1000) / time, latencies: [], cpu: (workerd.cpu - cpu) / count }
}
