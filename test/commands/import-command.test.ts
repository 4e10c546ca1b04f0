/**
 * `npm run import` and `npm run export` as they are run: in a clone that has no
 * database yet, with many rows, and ended by Ctrl-C.
 */
import { readFile, stat } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Clone } from './clone.ts'

const full = process.env['FULL'] === '1'
const timeout = full ? 1_200_000 : 120_000
const rows = full ? 1_000_000 : 20_000

/** In MB, and the compiler of the first step is in it; a million rows are some 300 MB. */
const littleMemory = ['--max-old-space-size=64']

let clone: Clone

beforeAll(async () => {
  clone = await Clone.make()
  makeDatabase(clone.file('users.db'), rows)
})
afterAll(() => clone[Symbol.asyncDispose]())

/** A microblog of so many people. */
function makeDatabase(path: string, count: number): void {
  using db = new DatabaseSync(path)
  db.exec(`CREATE TABLE user (id INTEGER PRIMARY KEY, username TEXT, email TEXT, password_hash TEXT);
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${count})
    INSERT INTO user SELECT n, 'person ' || n, 'person-' || n || '@example.com',
      'pbkdf2:sha256:260000$' || printf('%016d', n) || '$' || printf('%064d', n) FROM number`)
}

test(
  'many rows are written as SQL in little memory, for nobody else to read',
  { timeout },
  async () => {
    const args = ['users.db', '--sql', 'accounts.sql']
    const run = await clone.start('import', args, littleMemory).ended
    expect(run).toMatchObject({ status: 0 })
    expect(run.stdout).toContain(`${rows} written to accounts.sql`)
    expect(run.stderr).toContain(`10000 of ${rows} rows read`)
    expect((await stat(clone.file('accounts.sql'))).mode & 0o777).toBe(0o600)
  },
)

test(
  'Ctrl-C ends it between two batches, the next run goes on, and an export has everybody',
  { timeout },
  async () => {
    const stopped = clone.start('import', ['users.db'])
    await expect.poll(() => stopped.printed.stderr, { timeout }).toContain('10000 of')
    stopped.signal('SIGINT')
    const { status, stderr } = await stopped.ended
    expect({ status, stderr }).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Stopped before the end: start it again to go on'),
    })

    const [, imported] = /^(\d+) imported$/m.exec(stderr) ?? []
    expect(Number(imported) % 500).toBe(0)
    const rest = await clone.start('import', ['users.db'], littleMemory).ended
    expect(rest.stdout).toContain(`${rows - Number(imported)} imported\n${imported} already there`)

    const exported = await clone.start('export', ['accounts.jsonl'], littleMemory).ended
    expect(exported).toMatchObject({ status: 0, stderr: '' })
    expect(countLines(await readFile(clone.file('accounts.jsonl')))).toBe(rows)
    expect((await stat(clone.file('accounts.jsonl'))).mode & 0o777).toBe(0o600)
  },
)

function countLines(text: Buffer): number {
  return text.reduce((count, byte) => count + Number(byte === 10), 0)
}
