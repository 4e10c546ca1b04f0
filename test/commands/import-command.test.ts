/**
 * `npm run import` and `npm run export` as they are run: in a clone that has no
 * database yet, ended by Ctrl-C, and killed.
 */
import { readFile, stat } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Clone } from './clone.ts'
import { writePeople } from './many-people.ts'

const slow = { timeout: 120_000 }
const rows = 6_000

let clone: Clone

beforeAll(async () => {
  clone = await Clone.make()
  writePeople.SQLite(clone.file('users.db'), rows)
})
beforeEach(() => clone.removeDatabase())
afterAll(() => clone[Symbol.asyncDispose]())

/** Starts it, and ends it by a signal once something is written: most is still to come. */
async function endInTheMiddle(
  signal: NodeJS.Signals,
  written: () => number | Promise<number>,
  ...args: string[]
) {
  const run = clone.start('import', ['users.db', ...args])
  await expect.poll(written, { ...slow, interval: 10 }).toBeGreaterThan(0)
  run.signal(signal)
  return run.ended
}

function countAccounts(): number {
  using db = clone.database()
  return Number(db.prepare('SELECT count(*) AS count FROM account').get()?.['count'])
}

/** Every account with the rows that the audit has of it. */
function dumpAccounts(): Record<string, unknown>[] {
  using db = clone.database()
  return db
    .prepare(
      `SELECT account.*, (SELECT group_concat(event || at) FROM audit WHERE account_id = account.id) AS events
       FROM account ORDER BY address_key`,
    )
    .all()
}

/** Everybody is there, imported once. */
function expectEverybody(): void {
  const accounts = dumpAccounts()
  expect(accounts).toHaveLength(rows)
  expect(new Set(accounts.map(({ legacy_id }) => legacy_id)).size).toBe(rows)
  expect(accounts.filter(({ events }) => !/^account-imported\d+$/.test(String(events)))).toEqual([])
}

test(
  'Ctrl-C ends it between two batches, the next run goes on, and an export has everybody',
  slow,
  async () => {
    const { status, stderr } = await endInTheMiddle('SIGINT', countAccounts)
    expect({ status, stderr }).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Stopped before the end: start it again to go on'),
    })
    const [, imported] = /^(\d+) imported$/m.exec(stderr) ?? []
    expect(Number(imported) % 500).toBe(0)
    const rest = await clone.run('import', 'users.db')
    expect(rest.stdout).toContain(`${rows - Number(imported)} imported\n${imported} already there`)
    expectEverybody()

    const exported = await clone.run('export', 'accounts.jsonl')
    expect(exported).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(countLines(await readFile(clone.file('accounts.jsonl')))).toBe(rows)
    expect(await modeOf('accounts.jsonl')).toBe(0o600)
  },
)

test(
  'killed in the middle it leaves whole batches, the next run goes on, another changes nothing',
  slow,
  async () => {
    expect(await endInTheMiddle('SIGKILL', countAccounts)).toMatchObject({
      status: null,
      stdout: '',
    })
    const left = dumpAccounts().length
    expect(left % 500).toBe(0)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(rows)
    const rest = await clone.run('import', 'users.db')
    expect(rest.stdout).toContain(`${rows - left} imported\n${left} already there`)
    expectEverybody()
    const before = dumpAccounts()
    const again = await clone.run('import', 'users.db')
    expect(again.stdout).toContain(`0 imported\n${rows} already there`)
    expect(dumpAccounts()).toEqual(before)
  },
)

test(
  'killed while it writes SQL, it leaves no file of that name; the next run writes it whole',
  slow,
  async () => {
    const bytes = async () => (await stat(clone.file('accounts.sql.part'))).size
    await endInTheMiddle('SIGKILL', bytes, '--sql', 'accounts.sql')
    await expect(stat(clone.file('accounts.sql'))).rejects.toThrow('ENOENT')
    const run = await clone.run('import', 'users.db', '--sql', 'accounts.sql')
    expect(run.stdout).toContain(`${rows} written to accounts.sql`)
    expect(await modeOf('accounts.sql')).toBe(0o600)
    const sql = await readFile(clone.file('accounts.sql'), 'utf8')
    expect(sql).toContain(`person-1@example.com`)
    expect(sql).toContain(`person-${rows}@example.com`)
  },
)

async function modeOf(name: string): Promise<number> {
  return (await stat(clone.file(name))).mode & 0o777
}

function countLines(text: Buffer): number {
  return text.reduce((count, byte) => count + Number(byte === 10), 0)
}
