import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readOptions } from '../../harness/cli/options.ts'
import { UsageError } from '../../harness/cli/usage.ts'
import { bundleOnce } from '../../build/kept-bundle.ts'
import { deliver } from './deliver.ts'

let command: string
let folder: string

beforeAll(async () => {
  command = await bundleOnce('commands/mail.ts')
  folder = await mkdtemp(join(tmpdir(), 'mail-cli-'))
})

afterAll(() => rm(folder, { recursive: true }))

/** The command as a user would start it, in a folder of its own. */
class Running {
  readonly child: ChildProcess
  out = ''
  err = ''
  readonly exited: Promise<unknown>

  constructor(args: string[], env: Record<string, string> = {}) {
    const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
    const inherited = { PATH, HOME, NODE_COMPILE_CACHE }
    this.child = spawn(process.execPath, [command, ...args], {
      cwd: folder,
      env: { ...inherited, ...env },
    })
    this.child.stdout?.on('data', (chunk: Buffer) => (this.out += chunk.toString()))
    this.child.stderr?.on('data', (chunk: Buffer) => (this.err += chunk.toString()))
    this.exited = once(this.child, 'close')
  }

  async until(stream: 'out' | 'err', pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this[stream])
      if (match !== null) return match
      const source = stream === 'out' ? this.child.stdout : this.child.stderr
      if (source === null || this.child.exitCode !== null)
        throw new Error(`It ended: ${this.out}${this.err}`)
      await once(source, 'data')
    }
  }

  async code(): Promise<number | null> {
    await this.exited
    return this.child.exitCode
  }

  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    this.child.kill(signal)
    return this.code()
  }
}

const anyPort = { SMTP_PORT: '0', INBOX_PORT: '0' }

async function smtpOf(running: Running) {
  const [, port] = await running.until('out', /^smtp 127\.0\.0\.1:(\d+)$/m)
  return { smtp: { port: Number(port) } }
}

describe('the mail command', () => {
  test('announces two lines, prints mail with its link, ends at once by a signal, and keeps its authority', async () => {
    const authorities: string[] = []
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const running = new Running([], anyPort)
      const mail = await smtpOf(running)
      await deliver(mail, {
        to: 'ada@example.test',
        subject: 'Reset',
        text: 'https://example.test/reset?t=1',
      })
      await running.until(
        'err',
        /mail for ada@example\.test: Reset\n {2}from service@example\.test\n {2}link https:\/\/example\.test\/reset\?t=1\n/,
      )
      const start = performance.now()
      expect(await running.stop(signal)).toBe(0)
      expect(performance.now() - start).toBeLessThan(2_000)
      expect(running.out).toMatch(/^inbox http:\/\/127\.0\.0\.1:\d+\nsmtp 127\.0\.0\.1:\d+\n$/)
      authorities.push(await readFile(join(folder, '.sparekey/certificates/ca.pem'), 'utf8'))
    }
    expect(authorities[1]).toBe(authorities[0])
  })

  test('speaks JSON to machines', async () => {
    const running = new Running(['--json', '--smtps-port', '0'], anyPort)
    await running.until('out', /"ready".*\n/)
    const ready = JSON.parse(running.out)
    expect(ready).toMatchObject({
      event: 'ready',
      inbox: expect.stringMatching(/^http/),
      smtps: { host: '127.0.0.1' },
    })
    await deliver(ready, { to: 'ada@example.test', subject: 'Code', text: 'Your code is 123456' })
    await running.until('out', /"message".*\n/)
    expect(JSON.parse(running.out.split('\n')[1] ?? '')).toMatchObject({
      event: 'message',
      codes: ['123456'],
      to: ['ada@example.test'],
    })
    await running.stop()
  })

  test('does not let mail steer the terminal', async () => {
    const running = new Running([], anyPort)
    await deliver(await smtpOf(running), {
      to: 'ada@example.test',
      subject: '=?utf-8?Q?=1B]0;owned=07=0Asmtp_evil?=',
    })
    await running.until('err', /mail for .*\n/)
    await running.stop()
    expect(running.err).not.toMatch(/[\u001b\u0007]/)
    expect(running.out.match(/^smtp/gm)).toHaveLength(1)
  })

  test('asks for a password when INBOX_AUTH is set', async () => {
    const running = new Running([], { ...anyPort, INBOX_AUTH: 'ada:secret' })
    const [, url] = await running.until('out', /^inbox (.*)$/m)
    expect((await fetch(url ?? '')).status).toBe(401)
    const headers = { Authorization: `Basic ${btoa('ada:secret')}` }
    expect((await fetch(url ?? '', { headers })).status).toBe(200)
    await running.stop()
  })

  test('shows help', async () => {
    const running = new Running(['--help'])
    expect(await running.code()).toBe(0)
    expect(running.out).toContain('sparekey mail run [options] -- COMMAND')
  })
})

describe('one clear line', () => {
  test('when a port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = String(typeof address === 'object' ? address?.port : '')
    for (const env of [
      { ...anyPort, SMTP_PORT: port },
      { ...anyPort, INBOX_PORT: port },
    ]) {
      const running = new Running([], env)
      expect(await running.code()).toBe(1)
      expect(running.err).toBe(
        `Cannot listen on 127.0.0.1:${port}: the port is taken. Choose another, or 0 for any free one (SMTP_PORT, INBOX_PORT)\n`,
      )
      expect(running.out).toBe('')
    }
    taken.close()
  })

  test.for([
    [['--colour'], /^Unknown option '--colour'/],
    [['serve'], /^Unexpected argument: serve$/],
    [['--smtp-port', 'x'], /^--smtp-port is a port from 0 to 65535, not "x"$/],
    [['--smtp-port', '70000'], /^--smtp-port is a port/],
    [['--auth', 'maybe'], /^--auth is one of optional, required, off, not "maybe"/],
    [['--max-messages', '0'], /^--max-messages is a whole number/],
    [['--inbox-auth', 'ada'], /^--inbox-auth is user:password/],
    [['run'], /^Name a command/],
  ] as const)('for %j', ([args, line]) => {
    expect(() => readOptions([...args], anyPort)).toThrow(UsageError)
    expect(() => readOptions([...args], anyPort)).toThrow(line)
  })

  test('for a bad option, and where to find the good ones', async () => {
    const running = new Running(['--colour'], anyPort)
    expect(await running.code()).toBe(2)
    expect(running.err).toBe("Unknown option '--colour'. See: sparekey mail --help\n")
  })

  test('for certificates that cannot be read', async () => {
    const file = join(folder, 'a-file')
    await writeFile(file, '')
    const running = new Running(['--certificates', file], anyPort)
    expect(await running.code()).toBe(1)
    expect(running.err).toMatch(/^Cannot use the certificates in .*a-file: .*\n$/)
  })
})

describe('run -- COMMAND', () => {
  const program = `
    const fs = require('node:fs'), net = require('node:net'), tls = require('node:tls')
    const [before] = fs.readFileSync(process.env.NODE_EXTRA_CA_CERTS, 'utf8').split('\\n')
    const raw = net.connect(Number(process.env.SMTP_PORT), process.env.MAIL_SERVER)
    raw.once('data', () => raw.write('EHLO x\\r\\n') && raw.once('data', () => raw.write('STARTTLS\\r\\n') && raw.once('data', () => {
      const safe = tls.connect({ socket: raw, servername: 'localhost' }, () => { console.log('trusted', safe.authorized, process.env.INBOX_URL, before); process.exit(7) })
    })))`

  test('gives the command the ports and the trust beside what it trusted, and ends with its code', async () => {
    const extra = join(folder, 'other.pem')
    await writeFile(extra, '# other authority\n')
    const running = new Running(['run', '--', process.execPath, '-e', program], {
      NODE_EXTRA_CA_CERTS: extra,
    })
    expect(await running.code()).toBe(7)
    expect(running.out).toMatch(/^trusted true http:\/\/127\.0\.0\.1:\d+ # other authority\n$/)
    expect(running.err).toMatch(/^inbox http/)
  })

  test('passes a signal on, and says when there is no such command', async () => {
    const running = new Running([
      'run',
      '--',
      process.execPath,
      '-e',
      'console.log("up"); setInterval(() => {}, 1e6)',
    ])
    await running.until('out', /up/)
    expect(await running.stop('SIGTERM')).toBe(128 + 15)
    const none = new Running(['run', '--', 'no-such-command-anywhere'])
    expect(await none.code()).toBe(127)
    expect(none.err).toContain('Cannot run no-such-command-anywhere: no such command')
  })
})
