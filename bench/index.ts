/** All that is measured, part by part. */
import { benchAsks } from './asks.ts'
import { benchCapacity } from './capacity.ts'
import { benchColdStart } from './cold-start.ts'
import type { Effort } from './compare.ts'
import type { Figure } from './figure.ts'
import { benchHarness } from './harness.ts'
import { benchJourneys } from './journeys.ts'
import { benchLookUps } from './look-ups.ts'
import { gatherCrowds } from './look-ups/crowd.ts'
import { benchLogIns } from './log-ins.ts'
import { benchOverload } from './overload.ts'
import { benchPages } from './pages.ts'
import { benchSize } from './size.ts'
import type { PartName } from './part-names.ts'
import { type Build, buildWorkers, openStage, type Stage } from './stage.ts'

interface Scene {
  /** Made and opened for the first who asks. */
  build: () => Promise<Build>
  stage: () => Promise<Stage>
  /** Takes what has to be stopped, however the bench ends. */
  opened: AsyncDisposableStack
  quick: boolean
  full: boolean
}

interface Part {
  /** As `--only` takes it. */
  name: PartName
  /** Absent: always. */
  isPartOf?: (options: BenchOptions) => boolean
  run: (scene: Scene) => Promise<Figure[]>
}

const usual = { rounds: 3, clients: [1, 8, 32] } satisfies Effort
const least = { rounds: 1, clients: [8] } satisfies Effort

const parts: readonly Part[] = [
  // Before there is a workerd beside it, whose memory the machine has to look after.
  { name: 'harness', run: ({ quick }) => benchHarness({ quick }) },
  {
    name: 'pages',
    run: async ({ stage, quick }) =>
      benchPages(await stage(), quick ? least : { ...usual, rounds: 21 }),
  },
  {
    name: 'asks',
    run: async ({ stage, quick }) => benchAsks(await stage(), quick ? least : usual),
  },
  {
    name: 'log-ins',
    run: async ({ stage, quick }) => benchLogIns(await stage(), quick ? least : usual),
  },
  {
    name: 'journeys',
    run: async ({ stage, quick }) =>
      benchJourneys(await stage(), quick ? { ...least, clients: [1] } : usual),
  },
  {
    name: 'overload',
    run: async ({ stage, quick }) => benchOverload(await stage(), quick ? least : usual),
  },
  { name: 'start', run: benchUpload },
  { name: 'look-ups', isPartOf: ({ quick, full }) => full || !quick, run: benchTables },
]

async function benchUpload({ build, stage, quick }: Scene): Promise<Figure[]> {
  return [
    await benchSize((await build()).service),
    await benchColdStart(await build(), quick ? least : usual),
    describePeak(await stage()),
  ]
}

/** Accounts in a database; the first is what the others are measured against. */
const CROWDS = { usual: [10_000, 1_000_000], full: [10_000, 1_000_000, 10_000_000] }

async function benchTables({ opened, quick, full }: Scene): Promise<Figure[]> {
  const crowds = opened.use(await gatherCrowds(full ? CROWDS.full : CROWDS.usual))
  const rounds = quick ? 3 : 7
  const lookUps = await benchLookUps(crowds, rounds)
  return full ? [...lookUps, ...(await benchCapacity(crowds, rounds))] : lookUps
}

/** After all that was measured on it. */
function describePeak({ workerd }: Stage): Figure {
  const peak = workerd.peakMemory / 1024 / 1024
  return {
    what: 'workerd, peak memory; both Workers, D1 and the queue',
    ours: `${peak.toFixed(0)} MB`,
    ...{ baseline: '', ratio: null, target: '', met: null },
  }
}

export interface BenchOptions {
  /** Fewer rounds and clients, and no look-ups. */
  quick: boolean
  /** Ten million accounts, too. */
  full: boolean
  /** This part alone. */
  only?: PartName | undefined
  /** Takes what has to be stopped, however the bench ends. */
  opened: AsyncDisposableStack
  /** Told what comes next. */
  onPart: (text: string) => void
}

export async function benchAll(options: BenchOptions): Promise<Figure[]> {
  const { quick, full, only, opened, onPart } = options
  const build = once(() => {
    onPart('Bundling')
    return buildWorkers()
  })
  const stage = once(async () => opened.use(await openStage(await build())))
  const figures: Figure[] = []
  const chosen = parts.filter(({ name, isPartOf = () => true }) =>
    only === undefined ? isPartOf(options) : name === only,
  )
  for (const [place, { name, run }] of chosen.entries()) {
    onPart(`Measuring: ${name} (${place + 1} of ${chosen.length})`)
    figures.push(...(await run({ build, stage, opened, quick, full })))
  }
  return figures
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined
  return () => (made ??= make())
}
