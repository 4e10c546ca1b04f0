/**
 * What `npm run dev` and `npm run deno` have in common: settings, the mail
 * harness, the three ready lines, and an orderly end.
 *
 * Standard output has the ready lines and nothing else; everything that is for
 * people goes to standard error.
 */
import { createServer } from 'node:net'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { parseConfig } from '../../src/config.ts'
import { tell } from '../run-command.ts'
import {
  describeProblems,
  ensureSecretKey,
  findSharedPorts,
  type Ports,
  readPorts,
  readSettings,
} from '../settings.ts'
import { demo } from './demo-account.ts'

export const HOST = '127.0.0.1'

export interface Stage {
  settings: Record<string, string>
  port: number
  stopped: Promise<void>
  /** Prints the ready lines. */
  announce: () => void
}

/** Starts the service and serves until it is stopped or ends by itself; resolves to an exit status. */
export type Serve = (stage: Stage) => Promise<number>

/** Sets the stage, and clears it when all is over; resolves to an exit status. */
export async function runOnStage(serve: Serve): Promise<number> {
  const stopped = untilStopped()
  const settings = await ensureSecretKey(await readSettings(process.env))
  const harnessWanted = settings['MAIL_SERVER'] === undefined
  const { ports, problems } = readPorts(process.env)
  const all = [
    ...problems,
    ...(harnessWanted ? findSharedPorts(ports) : []),
    ...findProblems(settings, harnessWanted),
  ]
  if (all.length > 0) return tell(describeProblems(all), 1)
  const port = await choosePort(ports, 'PORT')
  const harness = harnessWanted ? await startHarness(ports) : null
  try {
    const complete = { ...defaults(port), ...(harness && harnessSettings(harness)), ...settings }
    const announceAll = () => announce(port, harness)
    return await serve({ settings: complete, port, stopped, announce: announceAll })
  } finally {
    await harness?.stop()
  }
}

function defaults(port: number): Record<string, string> {
  return { PUBLIC_URL: `http://${HOST}:${port}`, PWNED_PASSWORDS: 'off' }
}

/** All that says how to reach it: `[vars]` of wrangler.toml may name another server's, for the deployed Worker. */
function harnessSettings({ smtp }: Pick<MailServer, 'smtp'>): Record<string, string> {
  return {
    ...{ MAIL_USERNAME: '', MAIL_PASSWORD: '', EMAIL_USER: '', EMAIL_PASS: '' },
    MAIL_SERVER: smtp.host,
    MAIL_PORT: String(smtp.port),
    MAIL_USE_TLS: 'true',
    MAIL_USE_SSL: '',
    MAIL_DEFAULT_SENDER: 'Sparekey <sparekey@example.com>',
  }
}

/** Every wrong setting at once, before anything is started: whatever the ports will be. */
function findProblems(settings: Record<string, string>, harnessWanted: boolean) {
  const anyPort = 1
  const harness = harnessWanted ? harnessSettings({ smtp: { host: HOST, port: anyPort } }) : {}
  const result = parseConfig({ ...defaults(anyPort), ...harness, ...settings })
  return result.ok ? [] : result.problems
}

async function startHarness(ports: Ports): Promise<MailServer> {
  const inboxAuth = process.env['INBOX_AUTH']
  return startMailServer({
    host: HOST,
    smtpPort: await checkPort(ports, 'SMTP_PORT'),
    inboxPort: await checkPort(ports, 'INBOX_PORT'),
    certificates: '.sparekey/certificates',
    ...(inboxAuth && { inboxAuth }),
  })
}

/** In milliseconds. */
const ASK_AGAIN_AFTER = 100

/** Whether the service answers before it is all over. */
export async function answersBefore(ended: Promise<number>, port: number): Promise<boolean> {
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

function announce(port: number, harness: MailServer | null): void {
  console.log(`app http://${HOST}:${port}`)
  console.log(harness === null ? 'inbox off' : `inbox ${new URL(harness.url).origin}`)
  if (harness !== null) console.log(`smtp ${harness.smtp.host}:${harness.smtp.port}`)
  tell(`Log in with ${demo.email} and "${demo.password}", or say that you forgot it`, 0)
}

/** A port that is free now: the one that a variable names, or any for 0. Links need it before the service starts. */
async function choosePort(ports: Ports, name: keyof Ports): Promise<number> {
  const wanted = ports[name]
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
async function checkPort(ports: Ports, name: keyof Ports): Promise<number> {
  return ports[name] === 0 ? 0 : choosePort(ports, name)
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
