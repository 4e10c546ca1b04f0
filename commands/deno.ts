/**
 * `npm run deno`: the service on Deno as a server runs it, from the one file
 * that `npm run build` leaves, with its mail in an inbox beside it.
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { loadCertificates } from '../harness/index.ts'
import { parseConfig } from '../src/config.ts'
import { openSqlite } from '../src/platform/sqlite-d1.ts'
import { runWith } from './deno/permissions.ts'
import { addDemoAccount } from './dev/demo-account.ts'
import { answersBefore, HOST, runOnStage, type Stage } from './dev/stage.ts'
import { runCommand, tell } from './run-command.ts'
import { blackOutTokens } from './wrangler.ts'

const HELP = `npm run deno: the service on Deno on this machine, with its mail in an inbox beside it

  PORT         the service (8787)
  SMTP_PORT    the mail harness, SMTP (1025)
  INBOX_PORT   the mail harness, inbox and API (8025)
               0 means any free port
  MAIL_SERVER  and the other MAIL_ settings: send there instead of to the harness

Settings are read from the environment and from .dev.vars; the database is in
.sparekey/deno. Ctrl-C ends everything.`

const FOLDER = '.sparekey/deno'
const DATABASE = `${FOLDER}/sparekey.db`
const BUNDLE = '.sparekey/build/sparekey.mjs'

process.exitCode = await runCommand({ name: 'deno', help: HELP, run: () => runOnStage(serve) })

async function serve({ settings, port, stopped, announce }: Stage): Promise<number> {
  await mkdir(FOLDER, { recursive: true })
  await promisify(execFile)(process.execPath, ['build/deno.ts', BUNDLE])
  const deno = await startDeno(settings, port)
  try {
    const ended = Promise.race([stopped.then(() => 0), deno.ended.then((code) => code ?? 1)])
    if (await answersBefore(ended, port)) {
      await addDemo()
      announce()
    }
    return await ended
  } finally {
    deno.stop()
    await deno.ended
  }
}

async function startDeno(settings: Record<string, string>, port: number) {
  const { caFile } = await loadCertificates('.sparekey/certificates')
  const own = { ...settings, HOST, PORT: String(port), DATABASE }
  const args = [...runWith({ net: reach(settings, port), folder: FOLDER }), BUNDLE]
  const child = spawn('node_modules/deno/deno', args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...own, DENO_CERT: caFile, NO_COLOR: '1' },
    // A process group of its own: a Ctrl-C at the terminal reaches us, and we end it in order.
    detached: true,
  })
  createInterface({ input: child.stderr }).on('line', (line) => tell(blackOutTokens(line), 0))
  const ended = once(child, 'exit').then(([code]): number | null => code)
  return { ended, stop: () => child.kill('SIGTERM') }
}

/** Its own port, its mail server, and the range API when it asks one. */
function reach(settings: Record<string, string>, port: number): string[] {
  const result = parseConfig(settings)
  if (!result.ok) return []
  const { mail, pwnedPasswords } = result.config
  const rangeApi = pwnedPasswords === null ? [] : [hostAndPort(pwnedPasswords)]
  return [`${HOST}:${port}`, `${mail.host}:${mail.port}`, ...rangeApi]
}

function hostAndPort({ hostname, port, protocol }: URL): string {
  const usual = protocol === 'https:' ? '443' : '80'
  return `${hostname}:${port === '' ? usual : port}`
}

async function addDemo(): Promise<void> {
  using db = openSqlite(DATABASE)
  await addDemoAccount(db)
}
