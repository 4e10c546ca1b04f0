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
export function tellApart({ unknown, ...known }: Times): boolean {
  return Object.values(known).some((row) => mannWhitneyP(row, unknown) <= 0.01)
}

/** Within five percent or half a millisecond. */
export function mediansAgree({ unknown, ...known }: Times): boolean {
  const usual = median(unknown)
  return Object.values(known).every((row) => {
    const other = median(row)
    return Math.abs(usual - other) <= Math.max(0.5, 0.05 * Math.min(usual, other))
  })
}

/** As `known 5.12 ms (p = 0.43), unknown 5.09 ms`. */
function describeTimes({ unknown, ...known }: Times): string {
  const texts = Object.entries(known).map(([kind, row]) => {
    return `${kind} ${median(row).toFixed(2)} ms (p = ${mannWhitneyP(row, unknown).toFixed(3)})`
  })
  return [...texts, `unknown ${median(unknown).toFixed(2)} ms`].join(', ')
}

/** Fails unless two of three runs are as they should be; under FULL every figure is printed. */
export async function expectMost(run: () => Promise<Times>, judge: (times: Times) => boolean) {
  const { yes, figures } = await mostOfThree(run, judge)
  const text = [expect.getState().currentTestName, ...figures].join('\n  ')
  if (full) console.log(text)
  expect(yes, text).toBe(true)
}

async function mostOfThree(run: () => Promise<Times>, judge: (times: Times) => boolean) {
  const figures: string[] = []
  for (let yes = 0; ;) {
    const times = await run()
    figures.push(describeTimes(times))
    if (judge(times)) yes += 1
    if (yes === 2) return { yes: true, figures }
    if (figures.length - yes === 2) return { yes: false, figures }
  }
}
