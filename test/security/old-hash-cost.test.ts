/**
 * What a log-in costs while the hash of another app stands: in hashes of ours, as
 * SECURITY.md has it. In CPU time of workerd, which other processes change little.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ProcessMeter } from '../../bench/process-meter.ts'
import { startMailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { keptHashes } from '../journeys/old-hashes.ts'
import { addAccount, quickHash } from './people.ts'
import { full } from '../full.ts'

/** Hash by the way it begins, and its cost in hashes of ours. */
const costs = [
  ['$2y$10$', 3],
  ['$2b$12$', 11],
  ['scrypt:32768:8:1', 5],
  ['pbkdf2:sha256:260000', 20],
  ['pbkdf2:sha512:260000', 40],
  ['pbkdf2_sha256$1000000', 80],
  ['pbkdf2:sha512:1000000', 180],
] as const

const wrong = 'not the password'

let app: App
let meter: ProcessMeter
/** In milliseconds: a log-in without its hash, and the hash. */
let rest = 0
let ours = 0

beforeAll(async () => {
  await using mail = await startMailServer()
  app = await startApp({ mail })
  meter = ProcessMeter.ofChildren('workerd')
  const current = '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$' + 'A'.repeat(43)
  await cpuOf(current, 10)
  rest = await cpuOf(quickHash, 40)
  ours = (await cpuOf(current, 40)) - rest
})

afterAll(() => app[Symbol.asyncDispose]())

/** Of one log-in, in milliseconds. */
async function cpuOf(hash: string, times: number): Promise<number> {
  const email = await addAccount(app, { hash })
  const before = meter.cpu
  for (let i = 0; i < times; i++) {
    // On a connection of its own: workerd ends those that are idle while it hashes for seconds.
    const answer = await app
      .visitor()
      .post('/login', { email, password: wrong }, { Connection: 'close' })
    expect(answer.status).toBe(401)
  }
  return (meter.cpu - before) / times
}

test.runIf(full).each(costs)(
  '%s costs as much as %d of ours, or half or twice that',
  { timeout: 120_000 },
  async (beginning, cost) => {
    const all = [...keptHashes['debian-12'], ...keptHashes.latest]
    const hash = all.find((old) => old.hash.startsWith(beginning))?.hash ?? ''
    const ratio = ((await cpuOf(hash, cost > 20 ? 3 : 10)) - rest) / ours
    console.log(`${beginning}: ${ratio.toFixed(1)} of ours, which are ${ours.toFixed(0)} ms`)
    expect(ratio).toBeGreaterThan(cost / 2)
    expect(ratio).toBeLessThan(cost * 2)
  },
)
