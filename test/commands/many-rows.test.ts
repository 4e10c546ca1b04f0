/**
 * `npm run import` of many rows: how much memory the command takes, from every
 * kind of file into every kind of target. A million rows in test:full.
 */
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Clone } from './clone.ts'
import { type FileKind, fileKinds, writePeople } from './many-people.ts'
import { full } from '../full.ts'

const timeout = full ? 1_800_000 : 60_000
const counts = full ? [100_000, 1_000_000] : [10_000]
const MB = 2 ** 20

/** In bytes: what the command may ever hold, whatever the number of rows. Node alone takes some 50 MB. */
const MOST_MEMORY = 320 * MB
/** The most of them against the least: garbage is not always collected at the same moment. */
const MOST_GROWTH = 2

const targets = {
  'an SQL file': ['--sql', 'accounts.sql'],
  'the local database': [],
} as const

type TargetKind = keyof typeof targets
const pairs: [FileKind, TargetKind][] = full
  ? fileKinds.flatMap((kind): [FileKind, TargetKind][] => [
      [kind, 'an SQL file'],
      [kind, 'the local database'],
    ])
  : [
      ['SQLite', 'an SQL file'],
      ['CSV', 'an SQL file'],
      ['JSON lines', 'the local database'],
    ]

let clone: Clone

beforeAll(async () => {
  clone = await Clone.make()
})
afterAll(() => clone[Symbol.asyncDispose]())

async function importPeople(kind: FileKind, target: TargetKind, count: number) {
  writePeople[kind](clone.file('people'), count)
  const started = performance.now()
  const run = await clone.measure('import', ['people', ...targets[target]])
  const seconds = (performance.now() - started) / 1000
  expect(run).toMatchObject({ status: 0 })
  expect(run.stdout).toMatch(new RegExp(`^${count} rows read\n${count} (?:imported|written)`))
  expect(countMatches(run.stderr, /000(?: of \d+)? rows read/g)).toBe(Math.floor(count / 10_000))
  await clear()
  return { peak: run.peakMemory, rate: Math.round(count / seconds) }
}

async function clear(): Promise<void> {
  await clone.removeDatabase()
  for (const name of ['people', 'accounts.sql']) await rm(clone.file(name), { force: true })
}

function countMatches(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length
}

describe.each(pairs)('%s into %s', (kind, target) => {
  test(`memory stays below a bound, whatever the number of rows`, { timeout }, async () => {
    const peaks: number[] = []
    for (const count of counts) {
      const { peak, rate } = await importPeople(kind, target, count)
      console.log(
        `${kind} into ${target}: ${count} rows, ${rate} rows/s, peak ${Math.round(peak / MB)} MB`,
      )
      peaks.push(peak)
    }
    expect(Math.max(...peaks)).toBeLessThan(MOST_MEMORY)
    expect(Math.max(...peaks) / Math.min(...peaks)).toBeLessThan(MOST_GROWTH)
  })
})
