/**
 * Whether times tell kinds of addresses apart: by Mann and Whitney's test, and by
 * their medians.
 */
import { expect } from 'vitest'
import type { RunningApp } from '../app.ts'
import type { Answer } from '../visitor.ts'
import { outcomeOf } from './doors.ts'
import { addAccounts, type Kind, newAddress } from './people.ts'
import { mannWhitneyP, median } from './statistics.ts'
import { full } from '../full.ts'

/** In milliseconds, by kind; `unknown` is what every other kind is compared with. */
export type Times = Record<'unknown', number[]> & Record<string, number[]>

/** By kind, as `Times` are. */
export type Addresses = Record<'unknown', string[]> & Record<string, string[]>

/** Of unknown addresses: they come first and count for nothing. */
const WARM_UP = 10

/** Times an action on every address, in an order that nobody chose. */
export async function timeKinds(
  { unknown, ...known }: Addresses,
  action: (address: string) => Promise<number>,
): Promise<Times> {
  for (const address of unknown.slice(0, WARM_UP)) await action(address)
  const times: Times = { unknown: [] }
  for (const { kind, address } of shuffled({ ...known, unknown: unknown.slice(WARM_UP) })) {
    const row = (times[kind] ??= [])
    row.push(await action(address))
  }
  return times
}

function shuffled(addresses: Record<string, string[]>) {
  return Object.entries(addresses)
    .flatMap(([kind, row]) => row.map((address) => ({ kind, address, at: Math.random() })))
    .sort((a, b) => a.at - b.at)
}

/** So many accounts of each kind, and as many addresses without one. */
export async function addAddresses(
  app: RunningApp,
  count: number,
  kinds: Record<string, Kind>,
): Promise<Addresses> {
  const addresses: Addresses = {
    unknown: Array.from({ length: count + WARM_UP }, newAddress),
  }
  for (const [kind, account] of Object.entries(kinds)) {
    addresses[kind] = await addAccounts(app, count, account)
  }
  return addresses
}

/** In milliseconds; an answer of another outcome than that would be a time of something else. */
export async function timed(request: () => Promise<Answer>, outcome: string): Promise<number> {
  const started = performance.now()
  const answer = await request()
  const took = performance.now() - started
  expect(outcomeOf(answer)).toBe(outcome)
  return took
}

/** One in a hundred does so by chance. */
function tellApart({ unknown, ...known }: Times): boolean {
  return Object.values(known).some((row) => mannWhitneyP(row, unknown) <= 0.01)
}

/** Of most runs: the middle difference of their medians is within five percent or half a millisecond. */
function mediansAgree(runs: readonly Times[]): boolean {
  const usual = median(runs.map(({ unknown }) => median(unknown)))
  const kinds = Object.keys(runs[0] ?? {}).filter((kind) => kind !== 'unknown')
  return kinds.every((kind) => {
    const differences = runs.map((run) => median(run[kind] ?? []) - median(run.unknown))
    return Math.abs(median(differences)) <= Math.max(0.5, 0.05 * usual)
  })
}

/** As `known 5.12 ms (p = 0.43), unknown 5.09 ms`. */
function describeTimes({ unknown, ...known }: Times): string {
  const texts = Object.entries(known).map(([kind, row]) => {
    return `${kind} ${median(row).toFixed(2)} ms (p = ${mannWhitneyP(row, unknown).toFixed(3)})`
  })
  return [...texts, `unknown ${median(unknown).toFixed(2)} ms`].join(', ')
}

/**
 * Fails unless two of three runs do not tell the kinds apart, and the medians of most agree:
 * those of one run alone are apart, now and then, by as much as the rule allows.
 */
export async function expectAlike(
  run: () => Promise<Times>,
  { medians = true }: { medians?: boolean } = {},
): Promise<void> {
  await expectRuns(run, (runs) => {
    const alike = voteOf(runs, (times) => !tellApart(times))
    if (alike !== true || !medians || mediansAgree(runs)) return alike
    return runs.length < RUNS ? undefined : false
  })
}

/** Fails unless two of three runs tell the kinds apart. */
export async function expectToldApart(run: () => Promise<Times>): Promise<void> {
  await expectRuns(run, (runs) => voteOf(runs, tellApart))
}

const RUNS = 3

/** No verdict while another run may change it. */
type Verdict = boolean | undefined

/** What two of three say. */
function voteOf(runs: readonly Times[], judge: (times: Times) => boolean): Verdict {
  const yes = runs.filter(judge).length
  if (yes >= 2) return true
  return runs.length - yes >= 2 ? false : undefined
}

/** Runs until there is a verdict; under FULL every figure is printed. */
async function expectRuns(run: () => Promise<Times>, judge: (runs: Times[]) => Verdict) {
  const runs: Times[] = []
  let verdict: Verdict
  while (verdict === undefined) {
    runs.push(await run())
    verdict = judge(runs)
  }
  const text = [expect.getState().currentTestName, ...runs.map(describeTimes)].join('\n  ')
  if (full) console.log(text)
  expect(verdict, text).toBe(true)
}
