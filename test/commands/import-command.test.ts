/**
 * `npm run import` and `npm run export` as they are run: in a clone that has no
 * database yet, with many rows, and ended by Ctrl-C.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'

const full = process.env['FULL'] === '1'
const timeout = full ? 900_000 : 120_000
const rows = full ? 1_000_000 : 20_000

let clone: string

beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), 'sparekey-import-'))
  const parts = [
    'src',
    'templates',
    'commands',
    'build',
    'package.json',
    'tsconfig.json',
    'wrangler.toml',
  ]
  for (const part of parts) await cp(part, join(clone, part), { recursive: true })
  await symlink(resolve('node_modules'), join(clone, 'node_modules'))
  makeDatabase(join(clone, 'users.db'), rows)
})

afterAll(() => rm(clone, { recursive: true, force: true }))

/** A microblog of so many people. */
function makeDatabase(path: string, count: number): void {
  using db = new DatabaseSync(path)
  db.exec(`CREATE TABLE user (id INTEGER PRIMARY KEY, username TEXT, email TEXT, password_hash TEXT);
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${count})
    INSERT INTO user SELECT n, 'person ' || n, 'person-' || n || '@example.com',
      'pbkdf2:sha256:260000$' || printf('%016d', n) || '$' || printf('%064d', n) FROM number`)
}

/** Starts a command, in a group of its own as a terminal does. */
function start(command: string, args: readonly string[], flags: readonly string[] = []) {
  const child = spawn(
    process.execPath,
    [...flags, 'build/run.ts', `commands/${command}.ts`, ...args],
    {
      cwd: clone,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  )
  const printed = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text))
  const ended = once(child, 'close').then(([status]: unknown[]) => ({ status, ...printed }))
  return { child, printed, ended }
}

test('many rows are written as SQL in little memory', { timeout }, async () => {
  // In MB, and the compiler of the first step is in it; a million rows are some 300 MB.
  const heap = ['--max-old-space-size=64']
  const run = await start('import', ['users.db', '--sql', 'accounts.sql'], heap).ended
  expect(run).toMatchObject({ status: 0 })
  expect(run.stdout).toContain(`${rows} written to accounts.sql`)
  expect(run.stderr).toContain(`10000 of ${rows} rows read`)
  expect((await stat(join(clone, 'accounts.sql'))).mode & 0o777).toBe(0o600)
})

test(
  'Ctrl-C ends it between two batches, the next run goes on, and an export has everybody',
  { timeout },
  async () => {
    const stopped = start('import', ['users.db'])
    await expect.poll(() => stopped.printed.stderr, { timeout }).toContain('10000 of')
    process.kill(-(stopped.child.pid ?? 0), 'SIGINT')
    const { status, stderr } = await stopped.ended
    expect({ status, stderr }).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Stopped before the end: start it again to go on'),
    })

    const [, imported] = /^(\d+) imported$/m.exec(stderr) ?? []
    expect(Number(imported) % 500).toBe(0)
    const rest = await start('import', ['users.db']).ended
    expect(rest.stdout).toContain(`${rows - Number(imported)} imported\n${imported} already there`)

    expect(await start('export', ['accounts.jsonl']).ended).toMatchObject({ status: 0, stderr: '' })
    expect(countLines(await readFile(join(clone, 'accounts.jsonl')))).toBe(rows)
  },
)

function countLines(text: Buffer): number {
  return text.reduce((count, byte) => count + Number(byte === 10), 0)
}
