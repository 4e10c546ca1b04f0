/**
 * `npm run deno`: the service on Deno as a server runs it, from the one file
 * that `npm run build` leaves, with its mail in an inbox beside it.
 */
import { runCommand } from './run-command.ts'

const HELP = `npm run deno: the service on Deno on this machine, with its mail in an inbox beside it

  PORT         the service (8787)
  SMTP_PORT    the mail harness, SMTP (1025)
  INBOX_PORT   the mail harness, inbox and API (8025)
               0 means any free port
  MAIL_SERVER  and the other MAIL_ settings: send there instead of to the harness

Settings are read from the environment and from .dev.vars; the database is in
.sparekey/deno. Ctrl-C ends everything.`

process.exitCode = await runCommand({
  name: 'deno',
  help: HELP,
  run: async () => {
    const { runOnStage } = await import('./dev/stage.ts')
    const { serveByDeno } = await import('./deno/serve-by-deno.ts')
    return runOnStage(serveByDeno)
  },
})
