/**
 * `npm run bench`: the figures of the mail harness beside stock smtp-server, in
 * one run. Those of the service are not here yet.
 */
import { benchHarness, describeHarness } from '../bench/harness.ts'
import { runCommand } from './run-command.ts'

const HELP = `npm run bench -- [--json]

  --json   one JSON object on standard output`

process.exitCode = await runCommand(HELP, async () => {
  const args = process.argv.slice(2)
  if (args.includes('--help') || args.includes('-h')) return HELP
  const figures = await benchHarness()
  return args.includes('--json') ? JSON.stringify(figures) : describeHarness(figures).join('\n')
})
