/**
 * The package as a stranger installs it: packed, unpacked into a project of
 * their own, and used by its own names.
 */
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runWith } from '../../commands/deno/permissions.ts'
import { startMailServer } from '../../harness/index.ts'
import { openSqlite } from '../../src/platform/sqlite-d1.ts'
import { Visitor } from '../visitor.ts'
import { testMountedApp } from './mounted.ts'
import { packProject, type PackedProject } from './project.ts'
import { walkSignedIn } from './signed-in.ts'

const run = promisify(execFile)
const inRepository = (path: string) => resolve('node_modules', path)

const LINK = 'https://example.test/x'
const useHarness = `
  import { startMailServer } from 'sparekey/harness'
  import { createTransport } from 'nodemailer'
  await using mail = await startMailServer()
  const inbox = mail.inbox()
  const sender = createTransport({ host: mail.smtp.host, port: mail.smtp.port, ignoreTLS: true })
  await sender.sendMail({ from: 'a@example.test', to: inbox.address, text: 'Open ${LINK} now', html: '<p>Open it' })
  sender.close()
  console.log((await inbox.next()).link())
  const check = await fetch(mail.url + '/api/v1/message/latest/html-check')
  console.log((await check.json()).Total.Tests > 100)`
const usedHarness = `${LINK}\ntrue`

let packed: PackedProject
/** Runs a program of this repository in the project. */
const runThere = (path: string, ...args: string[]) =>
  run(process.execPath, [inRepository(path), ...args], { cwd: packed.folder })

beforeAll(async () => {
  packed = await packProject()
})

afterAll(() => rm(packed.folder, { recursive: true }))

describe('what is in it', () => {
  test('publint finds nothing', async () => {
    const { buffer } = new Uint8Array(await readFile(packed.tarball))
    const { messages } = await publint({ pack: { tarball: buffer }, strict: true })
    expect(messages).toEqual([])
  })

  test('arethetypeswrong finds nothing at any export', async () => {
    const checked = ['--profile', 'esm-only', '--format', 'json']
    const { stdout } = await runThere(
      '@arethetypeswrong/cli/dist/index.js',
      packed.tarball,
      ...checked,
    )
    const { analysis } = JSON.parse(stdout)
    const exports = ['.', './workers', './deno', './pages', './harness', './harness/vitest']
    expect(Object.keys(analysis.entrypoints)).toEqual(expect.arrayContaining(exports))
  })

  test('JavaScript, types, migrations and what there is to read, and no source', async () => {
    const { stdout } = await run('tar', ['--list', '--file', packed.tarball])
    const kinds = [
      /^dist\/types\/.+\.d\.ts$/,
      /^dist\/(?!types\/)[\w/]+\.js$/,
      /^dist\/migrations\/\d{4}_\w+\.sql$/,
      /^(?:README\.md|harness\/README\.md|LICENSE|package\.json)$/,
    ]
    const paths = stdout
      .trim()
      .split('\n')
      .map((path) => path.replace(/^package\//, ''))
    expect(paths.filter((path) => !kinds.some((kind) => kind.test(path)))).toEqual([])
    for (const kind of kinds) expect(paths.some((path) => kind.test(path))).toBe(true)
  })
})

describe('on Node', () => {
  test('gives a test its mail server by import', async () => {
    await writeFile(join(packed.folder, 'use.js'), useHarness)
    const { stdout } = await run(process.execPath, ['use.js'], { cwd: packed.folder })
    expect(stdout.trim()).toBe(usedHarness)
  })

  test('runs as sparekey mail', async () => {
    const env = { ...process.env, SMTP_PORT: '0', INBOX_PORT: '0' }
    const cli = join(packed.folder, 'node_modules/sparekey/dist/cli.js')
    const mail = spawn(process.execPath, [cli, 'mail'], {
      cwd: packed.folder,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = await readReadyLines(mail, ['inbox', 'smtp'])
    const answer = await fetch(`${lines.get('inbox')}/api/v1/messages`)
    expect(await answer.json()).toMatchObject({ total: 0 })
    mail.kill('SIGINT')
    expect(await once(mail, 'exit')).toEqual([0, null])
  })
})

describe('in another app on Workers', () => {
  testMountedApp(() => packed)

  test('its types fit an app that is checked strictly, and ask for nothing that is not there', async () => {
    await runThere('typescript/bin/tsc', '--project', '.', '--skipLibCheck')
    const { stdout } = await runThere('typescript/bin/tsc', '--project', '.').catch(
      (failure: { stdout: string }) => failure,
    )
    expect(stdout.split('\n').filter((line) => /sparekey/.test(line))).toEqual([])
  })

  test('its migrations are where wrangler looks for them', async () => {
    const storage = ['--persist-to', join(packed.folder, '.wrangler')]
    const apply = ['d1', 'migrations', 'apply', 'shop-accounts', '--local', ...storage]
    const { stdout } = await runThere('wrangler/bin/wrangler.js', ...apply)
    expect(stdout).toContain('0001_accounts_sessions_outbox.sql')
  })
})

test('in another app on Deno it is the same, with the permissions of the service alone', async () => {
  await using mail = await startMailServer()
  const settings = {
    PUBLIC_URL: 'https://shop.example.test/auth',
    COOKIE_PREFIX: 'accounts-',
    SECRET_KEY: 'a test key that is at least 32 bytes long',
    PWNED_PASSWORDS: 'off',
    MAIL_SERVER: mail.smtp.host,
    MAIL_PORT: String(mail.smtp.port),
    MAIL_DEFAULT_SENDER: 'post@example.test',
    ...{ DATABASE: join(packed.folder, 'shop.db'), PORT: '0' },
  }
  const args = runWith({ net: ['127.0.0.1'], folder: packed.folder })
  const deno = spawn(inRepository('deno/deno'), [...args, 'deno/main.ts'], {
    cwd: packed.folder,
    env: { ...settings, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = new URL((await readReadyLines(deno, ['app'])).get('app') ?? '')
  const visitor = new Visitor(url)
  expect((await visitor.get('/')).body).toBe('The shop')
  expect((await visitor.get('/auth/login')).body).toContain('<h1>Open the green door</h1>')
  expect((await visitor.get('/auth/nowhere')).body).toContain('<h1>There is no such page</h1>')
  using db = openSqlite(settings.DATABASE)
  await walkSignedIn({ db, visitor: () => new Visitor(url) }, mail.inbox())
  deno.kill('SIGTERM')
  await once(deno, 'exit')
})

describe.runIf(process.env['FULL'])('installed from the registry with all that it asks for', () => {
  test('npm finds what there is to install, and it runs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sparekey-installed-'))
    await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }')
    /** The certificates of vitest.config.ts are for workerd; npm wants those it has outside. */
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: process.env['OUTER_CA_CERTS'] }
    const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', packed.tarball]
    await run('npm', install, { cwd: folder, env })
    const installed = await readFile(join(folder, 'node_modules/.package-lock.json'), 'utf8')
    const { packages } = JSON.parse(installed) as { packages: Record<string, unknown> }
    expect(Object.keys(packages).length).toBeLessThan(50)
    await writeFile(join(folder, 'use.js'), useHarness)
    const { stdout } = await run(process.execPath, ['use.js'], { cwd: folder })
    expect(stdout.trim()).toBe(usedHarness)
    await rm(folder, { recursive: true })
  }, 180_000)
})

/** What is announced, by the word that a line begins with. */
async function readReadyLines(
  { stdout }: ChildProcessByStdio<null, Readable, null>,
  words: readonly string[],
): Promise<Map<string, string>> {
  const announced = new Map<string, string>()
  for await (const line of createInterface({ input: stdout })) {
    const [word = '', value = ''] = line.split(' ')
    announced.set(word, value)
    if (words.every((each) => announced.has(each))) return announced
  }
  throw new Error(`Cannot go on: it ended before it said ${words.join(', ')}`)
}
