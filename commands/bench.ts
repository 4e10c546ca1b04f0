/**
 * `npm run bench`: what the service and the harness take, each figure beside its
 * baseline in one run on one machine.
 */
import { benchAsks } from '../bench/asks.ts'
import { benchCapacity } from '../bench/capacity.ts'
import { type Figure, formatTable } from '../bench/figure.ts'
import { benchHarness } from '../bench/harness.ts'
import { benchLogIns } from '../bench/log-ins.ts'
import { benchLookUps } from '../bench/look-ups.ts'
import { gatherCrowds } from '../bench/look-ups/crowd.ts'
import { benchPages } from '../bench/pages.ts'
import { benchSize } from '../bench/size.ts'
import { buildWorkers, openStage } from '../bench/stage.ts'
import { FLAG, runCommand } from './run-command.ts'

const HELP = `npm run bench -- [--quick] [--full] [--json]

Measures the Worker on workerd with D1, its queue and SMTP, and the mail harness.
Databases are files below the folder for temporary ones (TMPDIR).

  --quick  fewer rounds, for a look
  --full   also ten million accounts, in one database and in eight: minutes, and 8 GB of disk
  --json   one JSON array on standard output`

process.exitCode = await runCommand({
  name: 'bench',
  help: HELP,
  options: { json: FLAG, quick: FLAG, full: FLAG },
  run: async ({ json = false, quick = false, full = false }) => {
    const figures = [...(await benchAll(quick)), ...(await benchTables({ quick, full }))]
    return json ? JSON.stringify(figures, null, 2) : formatTable(figures)
  },
})

async function benchAll(quick: boolean): Promise<Figure[]> {
  const rounds = quick ? 1 : 5
  console.error('Bundling')
  const build = await buildWorkers()
  await using stage = await openStage(build)
  console.error('Log-ins')
  const logIns = await benchLogIns(stage, rounds)
  console.error('Asks')
  const asks = await benchAsks(stage, rounds)
  console.error('Pages')
  const pages = await benchPages(stage, rounds)
  console.error('Harness')
  const harness = await benchHarness({ quick })
  return [...pages, ...asks, ...logIns, await benchSize(build.service), ...harness]
}

/** Accounts in a database; the first is what the others are measured against. */
const CROWDS = { usual: [10_000, 1_000_000], full: [10_000, 1_000_000, 10_000_000] }

async function benchTables({ quick = false, full = false }): Promise<Figure[]> {
  if (quick && !full) return []
  console.error('Look-ups')
  await using crowds = await gatherCrowds(full ? CROWDS.full : CROWDS.usual)
  const rounds = quick ? 3 : 7
  const lookUps = await benchLookUps(crowds, rounds)
  return full ? [...lookUps, ...(await benchCapacity(crowds, rounds))] : lookUps
}
