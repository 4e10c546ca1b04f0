/**
 * What the doctor finds, by the examination itself; and the command around it, in a
 * process of its own: its settings, its status, and what it prints.
 */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import { bundleOnce } from '../../build/kept-bundle.ts'
import { root } from '../../build/root.ts'
import { loadCertificates } from '../../harness/certificates.ts'
import type { Step } from '../../src/mail/doctor.ts'
import { PASSWORD } from './smtp/a-task.ts'
import { startMailbox } from './smtp/mailbox.ts'
import {
  hangUp,
  raw,
  reply,
  startScriptedServer,
  type Action,
  type Script,
  type ScriptStage,
} from './smtp/scripted-server.ts'

const certificates = await loadCertificates(join(root, '.sparekey/certificates'))
const { cert, key, bad } = certificates

const command = await bundleOnce('commands/doctor.ts')
const { examineMail }: typeof import('../../commands/doctor/examine-mail.ts') = await import(
  await bundleOnce('commands/doctor/examine-mail.ts')
)

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

describe('a healthy server', () => {
  test.for(['MAIL_USE_TLS', 'MAIL_USE_SSL'])('is green to the last step with %s', async (mode) => {
    const secure = mode === 'MAIL_USE_SSL'
    const mailbox = await startMailbox({ cert, key, secure, onAuth: acceptAnyone })
    stops.push(mailbox.stop)
    const steps = await examine({ ...login(), [mode]: '1', MAIL_PORT: mailbox.port })
    expect(steps.every(({ outcome }) => outcome === 'ok')).toBe(true)
    expect(steps).toHaveLength(10)
    expect(detailOf(steps, 'tls')).toMatch(/^TLSv1\.3, certificate of .* until \d{4}-\d\d-\d\d$/)
    expect(detailOf(steps, 'mechanisms')).toMatch(/^AUTH .*PLAIN/)
    expect(mailbox.letters).toMatchObject([
      { envelope: { rcptTo: [{ address: 'ops@example.test' }] }, user: 'mailer' },
    ])
  })

  test('on loopback needs neither TLS nor log-in', async () => {
    const mailbox = await startMailbox()
    stops.push(mailbox.stop)
    const steps = await examine({ MAIL_PORT: mailbox.port })
    expect(steps.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    const left = steps.filter(({ outcome }) => outcome === 'skipped').map(({ name }) => name)
    expect(left).toEqual(['tls', 'mechanisms', 'login'])
  })

  test('gets its test mail to --to', async () => {
    const mailbox = await startMailbox()
    stops.push(mailbox.stop)
    await run({ MAIL_PORT: mailbox.port }, ['--to', 'me@example.test'])
    expect(mailbox.letters[0]?.envelope.rcptTo).toMatchObject([{ address: 'me@example.test' }])
  })
})

describe('a sick server is diagnosed', () => {
  const starttls = { ...login(), MAIL_USE_TLS: '1' }
  const ssl = { ...login(), MAIL_USE_SSL: '1' }
  const tls = { cert, key }

  const cases: { ill: string; script: Script; env: Env; step: string; advice: RegExp }[] = [
    {
      ill: 'HTTP',
      script: at('greeting', raw('HTTP/1.1 400 Bad\r\n')),
      env: starttls,
      step: 'greeting',
      advice: /no mail server/,
    },
    {
      ill: 'turned away',
      script: at('greeting', reply('554 5.7.1 no')),
      env: starttls,
      step: 'greeting',
      advice: /turns this machine away/,
    },
    {
      ill: 'no STARTTLS',
      script: { offers: { plain: [] } },
      env: starttls,
      step: 'tls',
      advice: /MAIL_USE_SSL/,
    },
    { ill: 'plain for SSL', script: {}, env: ssl, step: 'tls', advice: /MAIL_USE_TLS/ },
    {
      ill: 'expired',
      script: { tls: bad.expired },
      env: starttls,
      step: 'tls',
      advice: /has expired/,
    },
    {
      ill: 'other host',
      script: { tls: bad['other-host'] },
      env: starttls,
      step: 'tls',
      advice: /another name/,
    },
    {
      ill: 'stranger',
      script: { tls: bad['other-ca'] },
      env: starttls,
      step: 'tls',
      advice: /does not trust/,
    },
    {
      ill: 'expired, SSL',
      script: { tls: { ...bad.expired, implicit: true } },
      env: ssl,
      step: 'tls',
      advice: /has expired/,
    },
    {
      ill: 'no AUTH',
      script: { tls, offers: { secure: [] } },
      env: starttls,
      step: 'mechanisms',
      advice: /port for submission/,
    },
    {
      ill: 'wrong password',
      script: { tls, ...at('AUTH', reply('535 5.7.8 no')) },
      env: starttls,
      step: 'login',
      advice: /Check MAIL_USERNAME/,
    },
    {
      ill: 'log-in wanted',
      script: at('MAIL', reply('530 5.7.0 no')),
      env: {},
      step: 'sender',
      advice: /set MAIL_USERNAME/,
    },
    {
      ill: 'sender refused',
      script: at('MAIL', reply('553 5.7.1 no')),
      env: {},
      step: 'sender',
      advice: /MAIL_DEFAULT_SENDER/,
    },
    {
      ill: 'greylisting',
      script: at('RCPT', reply('450 4.7.1 later')),
      env: {},
      step: 'recipient',
      advice: /greylisting/,
    },
    {
      ill: 'no such user',
      script: at('RCPT', reply('550 5.1.1 no')),
      env: {},
      step: 'recipient',
      advice: /--to/,
    },
    {
      ill: 'content',
      script: at('message', reply('554 5.7.1 spam')),
      env: {},
      step: 'message',
      advice: /SPF or DKIM/,
    },
    {
      ill: 'hang-up',
      script: at('message', hangUp()),
      env: {},
      step: 'message',
      advice: /refused the mail/,
    },
  ]

  test.for(cases)('$ill', async ({ script, env, step, advice }) => {
    const server = await startScriptedServer(script)
    stops.push(server.stop)
    const steps = await examine({ ...env, MAIL_PORT: server.port })
    const failed = steps.filter(({ outcome }) => outcome === 'failed')
    expect(failed).toMatchObject([{ name: step, advice: expect.stringMatching(advice) }])
    const after = steps.slice(steps.findIndex(({ name }) => name === step) + 1)
    expect(after.every(({ outcome }) => outcome === 'skipped')).toBe(true)
    expect(JSON.stringify(steps)).not.toContain(PASSWORD)
  })

  test('a port where nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    const steps = await examine({ MAIL_PORT: port })
    expect(steps.find(({ outcome }) => outcome === 'failed')).toMatchObject({ name: 'port' })
  })

  test('a name that does not resolve', async () => {
    const steps = await examine({ ...starttls, MAIL_SERVER: 'nowhere.invalid' })
    expect(steps.at(-1)).toMatchObject({ name: 'name', outcome: 'failed' })
  })

  test('settings that are missing, all at once and by name', async () => {
    const steps = await examine({ MAIL_SERVER: '', MAIL_DEFAULT_SENDER: '', MAIL_PORT: 'x' })
    expect(steps).toHaveLength(1)
    expect(steps[0]?.detail).toMatch(/MAIL_SERVER.*MAIL_PORT.*MAIL_DEFAULT_SENDER/)
  })
})

test('machines read all of it as JSON, and the status says whether mail flows', async () => {
  const mailbox = await startMailbox({ cert, key, onAuth: acceptAnyone })
  stops.push(mailbox.stop)
  const env = { ...login(), MAIL_USE_TLS: '1' }
  const well = await run({ ...env, MAIL_PORT: mailbox.port }, ['--json'])
  expect(well.status).toBe(0)
  const { ok, steps }: { ok: boolean; steps: Step[] } = JSON.parse(well.stdout)
  expect(ok).toBe(true)
  expect(steps.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 10 }, () => 'ok'))

  const script = { tls: { cert, key }, ...at('AUTH', reply('535 5.7.8 no')) }
  const server = await startScriptedServer(script)
  stops.push(server.stop)
  const ill = await run({ ...env, MAIL_PORT: server.port }, ['--json'])
  expect(ill.status).toBe(1)
  expect(JSON.parse(ill.stdout)).toMatchObject({ ok: false })
  expect(ill.stdout + ill.stderr).not.toContain(PASSWORD)
})

test('people read a line per step, and what to do below it', async () => {
  const server = await startScriptedServer(at('RCPT', reply('550 5.1.1 No such user')))
  stops.push(server.stop)
  const { stdout } = await run({ MAIL_PORT: server.port }, [])
  expect(stdout).toContain(`✓ Port: 127.0.0.1 answers on ${server.port}\n`)
  expect(stdout).toContain('✗ Recipient: RCPT refused: 550 5.1.1 No such user\n  → ')
  expect(stdout).toContain('\nMail does not flow yet.\nOn Cloudflare Workers you need a paid plan')
})

test('settings come from .dev.vars too, and the environment wins', async () => {
  const mailbox = await startMailbox({ cert, key })
  stops.push(mailbox.stop)
  const folder = await mkdtemp(join(tmpdir(), 'sparekey-doctor-'))
  stops.push(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, '.dev.vars'), 'MAIL_PORT=1\nMAIL_USE_TLS=yes\n')
  await run({ MAIL_PORT: mailbox.port }, [], folder)
  expect(mailbox.letters).toMatchObject([{ secure: true }])
})

test('--to that is no address is refused with status 2', async () => {
  expect(await run({}, ['--to', 'a@b.test, c@d.test'])).toMatchObject({ status: 2 })
})

type Env = Record<string, string | number>

function login(): Env {
  return { MAIL_USERNAME: 'mailer', MAIL_PASSWORD: PASSWORD }
}

function at(stage: ScriptStage, action: Action): Script {
  return { offers: { plain: ['STARTTLS'] }, stages: { [stage]: [action] } }
}

const acceptAnyone: NonNullable<SMTPServerOptions['onAuth']> = (
  { username },
  _session,
  callback,
) => {
  callback(null, { user: username })
}

function detailOf(steps: readonly Step[], name: string): string | undefined {
  return steps.find((step) => step.name === name)?.detail
}

/** All steps, in the process of the test. */
async function examine(env: Env): Promise<Step[]> {
  const steps: Step[] = []
  for await (const step of examineMail(settingsOf(env))) steps.push(step)
  return steps
}

function settingsOf(env: Env): Record<string, string> {
  const settings = {
    MAIL_SERVER: '127.0.0.1',
    MAIL_DEFAULT_SENDER: 'no-reply@id.example.test',
    ADMINS: 'ops@example.test',
    ...env,
  }
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]))
}

/** The command as a person runs it, in a process of its own. */
function run(env: Env, args: readonly string[], cwd = join(root, '.sparekey')) {
  return new Promise<{ stdout: string; stderr: string; status: number }>((resolve) => {
    const child = execFile(
      process.execPath,
      [command, ...args],
      {
        env: {
          ...settingsOf(env),
          NODE_EXTRA_CA_CERTS: certificates.caFile,
          NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        },
        cwd,
      },
      (_error, stdout, stderr) => resolve({ stdout, stderr, status: child.exitCode ?? -1 }),
    )
  })
}
