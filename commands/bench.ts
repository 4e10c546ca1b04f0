/**
 * `npm run bench`: the figures of the mail harness beside stock smtp-server, in
 * one run. Those of the service are not here yet.
 */
import { benchHarness, describeHarness } from '../bench/harness.ts'
import { FLAG, runCommand } from './run-command.ts'

const HELP = `npm run bench -- [--json]

  --json   one JSON object on standard output`

process.exitCode = await runCommand({
  name: 'bench',
  help: HELP,
  options: { json: FLAG },
  run: async ({ json }) => {
    const figures = await benchHarness()
    return json === true ? JSON.stringify(figures) : describeHarness(figures).join('\n')
  },
})
