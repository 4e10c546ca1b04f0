/**
 * The package as a stranger installs it: packed, unpacked into a project of
 * their own, and used by its own names.
 */
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, posix, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { complaintsOf } from '../../build/tsc.ts'
import { runWith } from '../../commands/deno/permissions.ts'
import { startMailServer } from '../../harness/index.ts'
import { openSqlite } from '../../src/platform/sqlite-d1.ts'
import { Visitor } from '../visitor.ts'
import { testMountedApp } from './mounted.ts'
import { installProject, packProject, type PackedProject } from './project.ts'
import { walkRecovery } from './recovery.ts'
import { walkSignedIn } from './signed-in.ts'
import { full } from '../full.ts'

const run = promisify(execFile)
/** Other programs, of many megabytes each, and the machine may be busy. */
const slow = { timeout: 60_000 }
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

  test('arethetypeswrong finds nothing at any export', slow, async () => {
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

  test('JavaScript, types, migrations, examples and what there is to read, and no source', async () => {
    const kinds = [
      /^dist\/types\/.+\.d\.ts$/,
      /^dist\/(?!types\/)[\w/]+\.js$/,
      /^dist\/migrations\/\d{4}_\w+\.sql$/,
      /^test\/examples\//,
      /^(?:README\.md|SECURITY\.md|docs\/[\w-]+\.md|harness\/README\.md|LICENSE|package\.json)$/,
      /^docs\/pictures\/en-[\w-]+\.png$/,
    ]
    const paths = await pathsInPackage()
    expect(paths.filter((path) => !kinds.some((kind) => kind.test(path)))).toEqual([])
    for (const kind of kinds) expect(paths.some((path) => kind.test(path))).toBe(true)
  })

  test('what there is to read leads nowhere that is not in it', async () => {
    const paths = await pathsInPackage()
    const pages = paths.filter((path) => path.endsWith('.md'))
    const links = await Promise.all(pages.map(linksOf))
    expect(links.flat().length).toBeGreaterThan(10)
    expect(links.flat().filter((path) => !paths.includes(path))).toEqual([])
  })
})

async function pathsInPackage(): Promise<string[]> {
  const { stdout } = await run('tar', ['--list', '--file', packed.tarball])
  return stdout
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''))
}

/** What a page links to or shows, but for what is elsewhere or on the page itself: paths from the package's root. */
async function linksOf(page: string): Promise<string[]> {
  const text = await readFile(page, 'utf8')
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)]
  return targets
    .map(([, link, source]) => link ?? source ?? '')
    .filter((target) => !/^(?:https?:|mailto:|#)/.test(target))
    .map((target) => posix.join(dirname(page), target.replace(/#.*/, '')))
}

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
    const complaints = await complaintsOf(packed.folder)
    // Other packages need not fit: their types may ask for a browser's.
    const ofOthers = /^(?:\S*\/)?node_modules\/(?!sparekey\/)/
    expect(complaints.filter((line) => !ofOthers.test(line))).toEqual([])
  })

  test('its own test gets somebody back in, with what it has by import alone', slow, async () => {
    expect(await complaintsOf(join(packed.folder, 'test'), '--skipLibCheck')).toEqual([])
    await expectOwnTestToPass(packed.folder)
  })

  test.runIf(full)('its migrations are where wrangler looks for them', async () => {
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
  expect((await visitor.get('/address')).body).toBe('127.0.0.1')
  expect((await visitor.get('/auth/login')).body).toContain('<h1>Open the green door</h1>')
  expect((await visitor.get('/auth/nowhere')).body).toContain('<h1>Oh: not-found</h1>')
  await walkRecovery(visitor, mail.inbox())
  using db = openSqlite(settings.DATABASE)
  await walkSignedIn({ db, visitor: () => new Visitor(url) }, mail.inbox())
  deno.kill('SIGTERM')
  expect(await once(deno, 'exit')).toEqual([0, null])
})

test.runIf(full)(
  'installed by npm, with all that it asks for, it does in an app what it does here',
  { timeout: 180_000 },
  async () => {
    const folder = await installProject(packed)
    const installed = await readFile(join(folder, 'node_modules/.package-lock.json'), 'utf8')
    const { packages } = JSON.parse(installed) as { packages: Record<string, unknown> }
    expect(Object.keys(packages).length).toBeLessThan(50)
    await writeFile(join(folder, 'use.js'), useHarness)
    const { stdout } = await run(process.execPath, ['use.js'], { cwd: folder })
    expect(stdout.trim()).toBe(usedHarness)
    await expectOwnTestToPass(folder)
    await rm(folder, { recursive: true })
  },
)

/** Somebody gets back in at the app, which has mounted the service (test/examples/mounted/test). */
async function expectOwnTestToPass(folder: string): Promise<void> {
  const vitest = [inRepository('vitest/vitest.mjs'), 'run', '--reporter=json']
  const { stdout } = await run(process.execPath, vitest, { cwd: folder })
  expect(JSON.parse(stdout)).toMatchObject({ success: true, numPassedTests: 1 })
}

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
