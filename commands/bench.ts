/**
 * `npm run bench`: what the service and the harness take, each figure beside its
 * baseline in one run on one machine.
 */
import { formatTable } from '../bench/figure.ts'
import { type PartName, partNames } from '../bench/part-names.ts'
import { untilSignal } from './interrupted.ts'
import { FLAG, runCommand, TEXT, UsageError } from './run-command.ts'

const HELP = `npm run bench -- [--quick] [--full] [--only PART] [--json]

Measures the Worker on workerd with D1, its queue and SMTP, and the mail harness;
the machine should have nothing else to do. Databases are files below the folder for
temporary ones (TMPDIR).

  --quick  fewer rounds and clients, and no look-ups among a million accounts
  --full   also ten million accounts, in one database and in eight: minutes, and 8 GB of disk
  --only   one part alone: ${partNames.join(', ')}
  --json   one JSON array on standard output`

const INTERRUPTED = 130

process.exitCode = await runCommand({
  name: 'bench',
  help: HELP,
  options: { json: FLAG, quick: FLAG, full: FLAG, only: TEXT },
  run: async ({ json = false, quick = false, full = false, ...rest }) => {
    const only = readPart(rest.only)
    const { benchAll } = await import('../bench/index.ts')
    await using opened = new AsyncDisposableStack()
    const figures = await Promise.race([
      benchAll({ quick, full, only, opened, onPart: console.error }),
      untilSignal(),
    ])
    if (figures === 'signal') return INTERRUPTED
    return json ? JSON.stringify(figures, null, 2) : formatTable(figures)
  },
})

function readPart(text: string | undefined): PartName | undefined {
  const part = partNames.find((name) => name === text)
  if (text !== undefined && part === undefined)
    throw new UsageError(`No part '${text}': one of ${partNames.join(', ')}`)
  return part
}
