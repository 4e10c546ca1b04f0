/**
 * Ten million accounts in one database, and the same in eight: one for each
 * shard of the SHA-256 of the address. What D1 holds is on paper in docs/deploy.md.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { bundleOnce } from '../build/kept-bundle.ts'
import { type Figure, medianOf } from './figure.ts'
import type { Crowds } from './look-ups/crowd.ts'
import { timeLookUps } from './look-ups/raw.ts'
import { accountAt, makeAccounts, shardOf } from './many-accounts.ts'

const SHARDS = 8
/** In bytes (Cloudflare D1, "Limits"). */
const D1_MOST = 10_000_000_000
const LOOK_UPS = 2000

/** Beside the largest of `crowds`, shared out. */
export async function benchCapacity(
  { crowds, folder, statements, migrations }: Crowds,
  rounds: number,
): Promise<Figure[]> {
  const one = crowds.at(-1)
  if (one === undefined) throw new RangeError('Cannot measure: there is no crowd')
  const files = Array.from({ length: SHARDS }, (_, shard) => join(folder, `shard-${shard}.db`))
  const shares = makeAccounts(files, one.count, migrations)
  const sizes = await Promise.all([one.file, ...files].map(sizeOf))
  const [whole = NaN, ...parts] = sizes
  const count = one.count.toLocaleString('en')
  const [largest, gb] = [Math.max(...parts), (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`]
  return [
    {
      what: `${count} accounts in one database`,
      ours: gb(whole),
      ...{ baseline: '', ratio: null, target: `under ${gb(D1_MOST)}`, met: whole < D1_MOST },
    },
    {
      what: `the largest of ${SHARDS} shards of them`,
      ours: gb(largest),
      ...{ baseline: `${gb(whole)} in one`, ratio: largest / whole, target: '', met: null },
    },
    {
      what: 'the most accounts in a shard',
      ours: `${Math.max(...shares)}`,
      baseline: `${one.count / SHARDS} on average`,
      ratio: (Math.max(...shares) * SHARDS) / one.count,
      ...{ target: 'at most 1.01', met: Math.max(...shares) * SHARDS <= 1.01 * one.count },
    },
    compareLookUps({ one: one.file, files, count: one.count, sql: statements.account }, rounds),
    await compareWrites(one.file, files),
  ]
}

interface Shards {
  one: string
  files: readonly string[]
  count: number
  sql: string
}

function compareLookUps({ one, files, count, sql }: Shards, rounds: number): Figure {
  const taken = { ours: [] as number[], theirs: [] as number[] }
  for (let round = -1; round < rounds; round++) {
    const keys = Array.from({ length: LOOK_UPS }, (_, n) => {
      return accountAt((((round + 1) * LOOK_UPS + n) * 7_919_341) % count).addressKey
    })
    const theirs = timeLookUps(one, sql, keys)
    const spent = Map.groupBy(keys, (key) => shardOf(key, SHARDS))
    const ours = [...spent].map(
      ([shard, some]) => timeLookUps(files[shard] ?? '', sql, some) * some.length,
    )
    if (round < 0) continue // to warm up
    taken.ours.push(ours.reduce((sum, time) => sum + time, 0) / LOOK_UPS)
    taken.theirs.push(theirs)
  }
  return {
    what: 'account in its shard, raw SQLite',
    ours: `${medianOf(taken.ours).toFixed(1)} µs`,
    baseline: `${medianOf(taken.theirs).toFixed(1)} µs in one`,
    ratio: medianOf(taken.ours.map((ours, round) => ours / (taken.theirs[round] ?? NaN))),
    ...{ target: '', met: null },
  }
}

/** Asks written in a second: a process for each database, and every write on its disk before the next. */
async function compareWrites(one: string, files: readonly string[]): Promise<Figure> {
  const writer = await bundleOnce('bench/capacity/writer.ts')
  const alone = await writeTo(writer, one)
  const together = await Promise.all(files.map((file) => writeTo(writer, file)))
  const all = together.reduce((sum, rate) => sum + rate, 0)
  return {
    what: `asks written into ${SHARDS} shards at once`,
    ours: `${all.toFixed(0)}/s`,
    baseline: `${alone.toFixed(0)}/s into one`,
    ...{ ratio: all / alone, target: '', met: null },
  }
}

async function writeTo(writer: string, file: string): Promise<number> {
  const child = spawn(process.execPath, [writer, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [rate, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (status !== 0) throw new Error(`Cannot write to ${file}: the writer ended with ${status}`)
  return Number(rate)
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file)).size
}
