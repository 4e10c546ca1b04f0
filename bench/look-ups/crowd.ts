/** Databases of different size side by side, each a file that SQLite and D1 both open. */
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import { readMigrations } from '../../build/worker.ts'
import { objectId } from '../../commands/database.ts'
import { SESSION_EVERY, accountAt, makeAccounts } from '../many-accounts.ts'
import { makeTemporaryFolder } from '../temporary-folder.ts'
import { timeLookUps } from './raw.ts'
import { readStatements, type Subject } from './statements.ts'
import type { LookUps } from './worker.ts'

export interface Crowd {
  /** How many accounts there are. */
  count: number
  /** Where the file is. */
  file: string
  /** Looks so many up in SQLite itself, everybody but once; in microseconds each. */
  timeRaw(subject: Subject, many: number): number
  /** The same through the stores and D1. */
  timeD1(subject: Subject, many: number): Promise<number>
}

export type Crowds = Awaited<ReturnType<typeof gatherCrowds>>

/** Makes the files and starts D1 on them; `await using` stops it and removes them. */
export async function gatherCrowds(counts: readonly number[]) {
  await using opened = new AsyncDisposableStack()
  const { path: folder } = opened.use(await makeTemporaryFolder())
  const migrations = await readMigrations()
  const names = counts.map((count) => `crowd-${count}`)
  const files = names.map((name) =>
    join(folder, 'miniflare-D1DatabaseObject', `${objectId(name)}.sqlite`),
  )
  for (const [at, file] of files.entries()) {
    await mkdir(dirname(file), { recursive: true })
    makeAccounts([file], counts[at] ?? 0, migrations)
  }
  const statements = await readStatements(migrations)
  const miniflare = new Miniflare({
    modules: [{ type: 'ESModule', path: 'worker.js', contents: await bundle() }],
    compatibilityDate: '2026-07-01',
    d1Persist: folder,
    d1Databases: Object.fromEntries(names.map((name) => [name, name])),
  })
  opened.defer(() => miniflare.dispose())
  const url = await miniflare.ready
  const crowds = files.map((file, at) =>
    toCrowd({ url, file, statements, binding: names[at] ?? '', count: counts[at] ?? 0 }),
  )
  const stack = opened.move()
  return {
    crowds,
    statements,
    folder,
    migrations,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

interface Place {
  url: URL
  file: string
  statements: Record<Subject, string>
  binding: string
  count: number
}

function toCrowd({ url, file, statements, binding, count }: Place): Crowd {
  const now = Math.floor(Date.now() / 1000)
  const nextKeys = keysOf(count)
  return {
    ...{ count, file },
    timeRaw(subject, many) {
      const values = subject === 'session' ? [0, 0] : []
      return timeLookUps(file, statements[subject], nextKeys(subject, many), values)
    },
    async timeD1(subject, many) {
      const keys = nextKeys(subject, many)
      const order: LookUps = { binding, [`${subject}s`]: keys, now }
      const started = performance.now()
      const answer = await fetch(url, { method: 'POST', body: JSON.stringify(order) })
      const time = ((performance.now() - started) * 1000) / many
      const found = Number(await answer.text())
      if (found !== many) throw new Error(`Cannot measure: found ${found} of ${many}`)
      return time
    },
  }
}

/** Far from one another, and no two calls begin alike: what was read a moment ago does not help. */
function keysOf(count: number) {
  let last = 0
  return function nextKeys(subject: Subject, many: number): string[] {
    return Array.from({ length: many }, () => {
      last = (last + 7_919_341) % count
      if (subject === 'account') return accountAt(last).addressKey
      return accountAt(last - (last % SESSION_EVERY)).sessionHash
    })
  }
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['bench/look-ups/worker.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    logLevel: 'warning',
  })
  return outputFiles[0]?.text ?? ''
}
