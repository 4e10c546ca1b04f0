/**
 * `npm run dev`: from a fresh clone to a running service, its mail in an inbox
 * beside it, in one command.
 */
import { runCommand } from './run-command.ts'

const HELP = `npm run dev: the service on this machine, with its mail in an inbox beside it

  PORT         the service (8787)
  SMTP_PORT    the mail harness, SMTP (1025)
  INBOX_PORT   the mail harness, inbox and API (8025)
               0 means any free port
  MAIL_SERVER  and the other MAIL_ settings: send there instead of to the harness

Settings are read from the environment and from .dev.vars.
Open scheduled work runs at start and every 15 seconds. Ctrl-C ends everything.`

process.exitCode = await runCommand({
  name: 'dev',
  help: HELP,
  run: async () => {
    const { runOnStage } = await import('./dev/stage.ts')
    const { serveByWrangler } = await import('./dev/serve-by-wrangler.ts')
    return runOnStage(serveByWrangler)
  },
})
