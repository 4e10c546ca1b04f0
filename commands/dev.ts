/**
 * `npm run dev`: from a fresh clone to a running service, its mail in an inbox
 * beside it, in one command.
 *
 * Standard output has the three ready lines and nothing else; everything that
 * is for people goes to standard error.
 */
import { createServer } from 'node:net'
import { loadCertificates, type MailServer, startMailServer } from '../harness/index.ts'
import { parseConfig } from '../src/config.ts'
import { openDatabase } from './database.ts'
import { addDemoAccount, demo } from './dev/demo-account.ts'
import { removeSettingsFile, writeSettingsFile } from './dev/settings-file.ts'
import { describeProblems, ensureSecretKey, readPort, readSettings } from './settings.ts'
import { runWrangler, startWranglerDev } from './wrangler.ts'

const HELP = `npm run dev: the service on this machine, with its mail in an inbox beside it

  PORT         the service (8787)
  SMTP_PORT    the mail harness, SMTP (1025)
  INBOX_PORT   the mail harness, inbox and API (8025)
               0 means any free port
  MAIL_SERVER  and the other MAIL_ settings: send there instead of to the harness

Settings are read from the environment and from .dev.vars.
Open scheduled work runs at start and every 15 seconds. Ctrl-C ends everything.`

const HOST = '127.0.0.1'
/** In milliseconds. `wrangler dev` never fires a cron trigger by itself. */
const SWEEP_EVERY = 15_000

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) return tell(HELP, 0)
  if (args.length > 0)
    return tell(`Unknown option ${args[0]}: npm run dev takes none (see --help)`, 2)
  const stopped = untilStopped()
  try {
    return await run(stopped)
  } catch (error) {
    return tell(error instanceof Error ? error.message : String(error), 1)
  }
}

async function run(stopped: Promise<void>): Promise<number> {
  const settings = await ensureSecretKey(await readSettings(process.env))
  const port = await choosePort('PORT', 8787)
  const harnessWanted = settings['MAIL_SERVER'] === undefined
  const problems = findProblems(settings, port, harnessWanted)
  if (problems !== null) return tell(problems, 1)
  const harness = harnessWanted ? await startHarness() : null
  try {
    const complete = { ...defaults(port), ...(harness && harnessSettings(harness)), ...settings }
    return await serve(complete, port, harness, stopped)
  } finally {
    await harness?.stop()
    await removeSettingsFile()
  }
}

function defaults(port: number): Record<string, string> {
  return { PUBLIC_URL: `http://${HOST}:${port}`, PWNED_PASSWORDS: 'off' }
}

function harnessSettings({ smtp }: Pick<MailServer, 'smtp'>): Record<string, string> {
  return {
    MAIL_SERVER: smtp.host,
    MAIL_PORT: String(smtp.port),
    MAIL_USE_TLS: 'true',
    MAIL_DEFAULT_SENDER: 'Sparekey <sparekey@example.com>',
  }
}

/** Every wrong setting at once, before anything is started. */
function findProblems(settings: Record<string, string>, port: number, harnessWanted: boolean) {
  const harness = harnessWanted ? harnessSettings({ smtp: { host: HOST, port: 1025 } }) : {}
  const result = parseConfig({ ...defaults(port), ...harness, ...settings })
  return result.ok ? null : describeProblems(result.problems)
}

async function startHarness(): Promise<MailServer> {
  const inboxAuth = process.env['INBOX_AUTH']
  return startMailServer({
    host: HOST,
    smtpPort: await checkPort('SMTP_PORT', 1025),
    inboxPort: await checkPort('INBOX_PORT', 8025),
    certificates: '.sparekey/certificates',
    ...(inboxAuth && { inboxAuth }),
  })
}

async function serve(
  settings: Record<string, string>,
  port: number,
  harness: MailServer | null,
  stopped: Promise<void>,
): Promise<number> {
  tell('Preparing the local database …', 0)
  await prepareDatabase()
  const { caFile } = await loadCertificates('.sparekey/certificates')
  const file = await writeSettingsFile(settings)
  const wrangler = startWranglerDev(
    [
      '--ip',
      HOST,
      '--port',
      String(port),
      '--env-file',
      file,
      '--inspector-port',
      '0',
      '--show-interactive-dev-session',
      'false',
    ],
    { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
    (line) => tell(line, 0),
  )
  try {
    const ended = Promise.race([stopped.then(() => 0), wrangler.ended.then((code) => code ?? 1)])
    const answers = await answersBefore(ended, port)
    if (answers) announce(port, harness)
    return answers ? await sweepUntil(ended, port) : await ended
  } finally {
    await wrangler.stop()
  }
}

/** In milliseconds. */
const ASK_AGAIN_AFTER = 100

/** Whether the service answers before it is all over. */
async function answersBefore(ended: Promise<number>, port: number): Promise<boolean> {
  let over = false
  void ended.then(() => (over = true))
  while (!over) {
    if (await isAnswering(port)) return true
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_AFTER))])
  }
  return false
}

async function isAnswering(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://${HOST}:${port}/healthz`)).ok
  } catch {
    // Nobody listens yet; that is what is being asked.
    return false
  }
}

async function sweepUntil(ended: Promise<number>, port: number): Promise<number> {
  const ending = new AbortController()
  const sweep = () => void runScheduled(port, ending.signal)
  sweep()
  const timer = setInterval(sweep, SWEEP_EVERY)
  const code = await ended
  clearInterval(timer)
  ending.abort()
  return code
}

function announce(port: number, harness: MailServer | null): void {
  console.log(`app http://${HOST}:${port}`)
  console.log(harness === null ? 'inbox off' : `inbox ${new URL(harness.url).origin}`)
  if (harness !== null) console.log(`smtp ${harness.smtp.host}:${harness.smtp.port}`)
  tell(`Log in with ${demo.email} and "${demo.password}", or say that you forgot it`, 0)
}

async function prepareDatabase(): Promise<void> {
  await runWrangler('d1', 'migrations', 'apply', 'sparekey', '--local')
  await using database = await openDatabase()
  await addDemoAccount(database.db)
}

async function runScheduled(port: number, signal: AbortSignal): Promise<void> {
  try {
    await fetch(`http://${HOST}:${port}/cdn-cgi/handler/scheduled`, { signal })
  } catch (error) {
    if (!signal.aborted) tell(`Cannot run the scheduled handler: ${String(error)}`, 0)
  }
}

/** A port that is free now: the one that a variable names, or any for 0. Links need it before the service starts. */
async function choosePort(name: string, fallback: number): Promise<number> {
  const wanted = readPort(process.env, name, fallback)
  const server = createServer()
  const listening = new Promise<number>((resolve, reject) => {
    const refuse = () =>
      reject(new Error(`${name} ${wanted} is taken: choose another, or 0 for any`))
    server.once('error', refuse)
    server.listen(wanted, HOST, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : wanted)
    })
  })
  const port = await listening
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The same for a port that nobody needs to know before: 0 stays 0. */
async function checkPort(name: string, fallback: number): Promise<number> {
  const wanted = readPort(process.env, name, fallback)
  return wanted === 0 ? 0 : choosePort(name, fallback)
}

/** In milliseconds. */
const WATCH_PARENT_EVERY = 500

/**
 * Until somebody wants us to end. A Ctrl-C comes twice, from the terminal and
 * from npm, so the handlers stay; an npm that is gone counts as one too.
 */
function untilStopped(): Promise<void> {
  const parent = process.ppid
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve())
    const isOrphan = () => process.ppid !== parent
    setInterval(() => isOrphan() && resolve(), WATCH_PARENT_EVERY).unref()
  })
}

function tell(text: string, status: number): number {
  console.error(text)
  return status
}
