/**
 * `npm run dev` and `npm run deno` as a new user meets them: in a folder of its own, on free
 * ports; and with a mail server in wrangler.toml, which is the deployed Worker's alone.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { Visitor } from '../visitor.ts'
import { Clone } from './clone.ts'
import { demo } from '../../commands/dev/demo-account.ts'
import { full } from '../full.ts'

test.each(['dev', 'deno'])(
  'npm run %s leads to the demo log-in, a link in the inbox whatever [vars] says, and ends everything on Ctrl-C',
  { timeout: 90_000 },
  async (command) => {
    await using clone = await Clone.make()
    nameMailServer(clone.file('wrangler.toml'))
    const dev = spawn('npm', ['run', command], {
      cwd: clone.path,
      env: { ...process.env, PORT: '0', SMTP_PORT: '0', INBOX_PORT: '0', NODE_EXTRA_CA_CERTS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const { app, inbox } = await readyLines(dev)
    const visitor = new Visitor(new URL(app))
    const loggedIn = await visitor.post('/login', { email: demo.email, password: demo.password })
    expect(loggedIn).toMatchObject({ status: 303, location: '/account' })
    await visitor.post('/reset_password', { email: demo.email })
    expect(await waitForLink(inbox)).toMatch(`${app}/reset_password/`)

    // A Ctrl-C at the terminal reaches the whole foreground group.
    process.kill(-(dev.pid ?? 0), 'SIGINT')
    await once(dev, 'exit')
    await expect(fetch(app)).rejects.toThrow('fetch failed')
    await expect(fetch(inbox)).rejects.toThrow('fetch failed')
  },
)

test('npm run dev shows no token and, killed, leaves nothing', { timeout: 90_000 }, async () => {
  await using clone = await Clone.make()
  const dev = clone.serve('dev')
  await expect.poll(() => dev.printed.stdout, { timeout: 60_000 }).toMatch(/^smtp /m)
  const [, app = ''] = /^app (.+)$/m.exec(dev.printed.stdout) ?? []
  expect((await fetch(`${app}/healthz`)).status).toBe(200)
  expect((await fetch(`${app}/reset_password/eyJ-a-token?lang=en`)).status).toBe(410)
  const shown = expect.poll(() => dev.printed.stderr, { timeout: 10_000 })
  await shown.toContain('GET /reset_password/[token]')
  expect(dev.printed.stderr).not.toContain('eyJ-a-token')
  process.kill(dev.child.pid ?? 0, 'SIGKILL')
  const isAnswering = () =>
    fetch(`${app}/healthz`).then(
      () => true,
      () => false,
    )
  await expect.poll(isAnswering, { timeout: 10_000 }).toBe(false)
})

test('npm run dev names every wrong setting at once, ports that are shared among them', async () => {
  await using clone = await Clone.make()
  const settings = {
    SMTP_PORT: '18787',
    INBOX_PORT: '18787',
    PUBLIC_URL: 'x',
    MAIL_USE_TLS: 'maybe',
  }
  const { status, stdout, stderr } = await clone.serve('dev', settings).ended
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  for (const name of ['PUBLIC_URL', 'MAIL_USE_TLS']) expect(stderr).toContain(name)
  expect(stderr).toContain('INBOX_PORT is the port of SMTP_PORT, too')
  expect(stderr).not.toContain('maybe')
})

test.runIf(full)(
  'npm run dev whose service has died says so and ends',
  { timeout: 180_000 },
  async () => {
    await using clone = await Clone.make()
    const dev = clone.serve('dev')
    await expect.poll(() => dev.printed.stdout, { timeout: 60_000 }).toMatch(/^smtp /m)
    for (const pid of workerdsIn(clone.path)) process.kill(pid, 'SIGSTOP')
    const { status, stderr } = await dev.ended
    expect(status).toBe(1)
    expect(stderr).toContain('The service does not answer any more: start it again')
  },
)

/** By `[vars]`, as whoever deploys does. */
function nameMailServer(config: string): void {
  const vars = `[vars]\nMAIL_SERVER = "mail.example.com"\nMAIL_USERNAME = "post"\nMAIL_USE_SSL = "true"\n\n`
  writeFileSync(config, readFileSync(config, 'utf8').replace(/^(?=\[)/m, vars))
}

/** The three lines that announce ready; everything the command prints is in the error when one is missing. */
async function readyLines(
  dev: ChildProcess,
): Promise<{ app: string; inbox: string; smtp: string }> {
  const printed: string[] = []
  const ready = new Map<string, string>()
  if (dev.stdout === null || dev.stderr === null) throw new TypeError('npm run dev has no output')
  createInterface({ input: dev.stderr }).on('line', (line) => printed.push(line))
  for await (const line of createInterface({ input: dev.stdout })) {
    printed.push(line)
    const [, name = '', value = ''] = /^(app|inbox|smtp) (.+)$/.exec(line) ?? []
    ready.set(name, value)
    if (ready.has('smtp')) break
  }
  const [app, inbox, smtp] = ['app', 'inbox', 'smtp'].map((name) => ready.get(name))
  if (app && inbox && smtp) return { app, inbox, smtp }
  throw new Error(`npm run dev did not get ready:\n${printed.join('\n')}`)
}

async function waitForLink(inbox: string): Promise<string> {
  const deadline = performance.now() + 10_000
  while (performance.now() < deadline) {
    const answer = await fetch(`${inbox}/api/v1/message/latest`)
    if (answer.ok)
      return (
        /https?:\S+/.exec(JSON.stringify(await answer.json()).replaceAll('\\n', ' '))?.[0] ?? ''
      )
  }
  throw new Error('No mail came to the inbox')
}

/** Process ids of the workerds that were started in a folder. */
function workerdsIn(folder: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(Number).filter((pid) => {
    try {
      const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
      return name === 'workerd' && readlinkSync(`/proc/${pid}/cwd`) === folder
    } catch {
      // It ended while we looked.
      return false
    }
  })
}
