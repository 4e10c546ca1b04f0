/**
 * The operator's commands as they are run, against the local database of a
 * clone: what they print where, and their exit status. With FULL=1 wrangler reads
 * what they have written a second time, by a statement of its own; and commands that
 * have refused something already refuse an unknown option, too.
 */
import { readdir, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Clone, type Ended } from './clone.ts'
import { full } from '../full.ts'

/** Each command is a process of its own, and the machine may be busy. */
const slow = { timeout: 60_000 }
let clone: Clone

beforeAll(async () => {
  clone = await Clone.make()
})
afterAll(() => clone[Symbol.asyncDispose]())

const misunderstood: [string, string[], string][] = [
  ['account', [], 'Name a command: list, find, disable'],
  ['account', ['nope'], `Unknown command 'nope'`],
  ['account', ['list', 'ana@example.com'], 'list takes no WHO'],
  ['account', ['find', 'a', 'b'], `Unexpected argument 'b'`],
  ['account', ['delete', 'a', '--json'], '--json is for find and list'],
  ['account', ['end-sessions'], 'Say whose account'],
  ['account', ['end-sessions', 'a', '--all'], 'Say whose sessions, or --all'],
  ['account', ['disable', '--all'], '--all is for end-sessions'],
  ['outbox', [], 'Name a command: list, retry'],
  ['outbox', ['retry', '--json'], '--json is for list'],
  ['audit', ['--event', 'nope'], 'There is no event nope'],
  ['import', [], 'Name the file to import'],
  ['preview', ['--pictures', 'xx'], `There is no language 'xx'`],
  ['doctor', ['--to', 'nobody'], '--to has to be one email address'],
]

test(
  'what is not understood is said in one line on standard error, with status 2',
  slow,
  async () => {
    for (const [name, args, complaint] of misunderstood) {
      expectRefusal(await clone.run(name, ...args), name, complaint)
    }
  },
)

const names = [
  'account',
  'outbox',
  'audit',
  'import',
  'export',
  'preview',
  'doctor',
  'dev',
  'deno',
  'bench',
]

test.each(names)('npm run %s knows --help', slow, async (name) => {
  expect(await clone.run(name, '--help')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`npm run ${name}`),
    stderr: '',
  })
})

const refused = new Set(misunderstood.map(([name]) => name))

test.each(names.filter((name) => full || !refused.has(name)))(
  'npm run %s refuses an unknown option by its name',
  slow,
  async (name) => {
    expectRefusal(await clone.run(name, '--nope'), name, `Unknown option '--nope'`)
  },
)

/** The whole of what it says. */
function expectRefusal({ status, stdout, stderr }: Ended, name: string, complaint: string): void {
  const [said, see, ...rest] = stderr.split('\n')
  expect({ status, stdout, see, rest }).toEqual({
    ...{ status: 2, stdout: '', see: `See: npm run ${name} -- --help`, rest: [''] },
  })
  expect(said).toContain(complaint)
}

test('without a database, commands say how to get one', slow, async () => {
  const stderr = expect.stringContaining('There is no local database yet')
  expect(await clone.run('account', 'list')).toEqual({ status: 1, stdout: '', stderr })
})

test(
  '--remote without an account at Cloudflare says what is missing, and leaves no file',
  slow,
  async () => {
    const run = await clone.run('export', 'accounts.jsonl', '--remote')
    const stderr = expect.stringContaining('CLOUDFLARE_API_TOKEN')
    expect(run).toEqual({ status: 1, stdout: '', stderr })
    expect(await readdir(clone.path)).not.toContainEqual(expect.stringMatching(/^accounts/))
  },
)

describe('with a database', () => {
  const bcrypt = `$2b$04$${'a'.repeat(53)}`

  beforeAll(async () => {
    const rows = ['ana', 'bo'].map((name) => ({ email: `${name}@example.com`, password: bcrypt }))
    await writeFile(clone.file('accounts.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'))
    expect(await clone.run('import', 'accounts.jsonl')).toMatchObject({ status: 0 })
  })

  const find = async (who: string) => {
    const { stdout } = await clone.run('account', 'find', who, '--json')
    return JSON.parse(stdout)
  }

  test('wrangler finds in its local database the migrations of a command', slow, async () => {
    const migrations = await clone.wrangler('d1', 'migrations', 'list', 'sparekey', '--local')
    expect(migrations.stdout).toContain('No migrations to apply')
  })

  test.runIf(full)('wrangler finds there what a command has written', slow, async () => {
    const sql = 'SELECT address FROM account ORDER BY address'
    const { stdout } = await clone.wrangler(
      'd1',
      'execute',
      'sparekey',
      '--local',
      '--json',
      '--command',
      sql,
    )
    expect(JSON.parse(stdout)[0].results).toEqual([
      { address: 'ana@example.com' },
      { address: 'bo@example.com' },
    ])
  })

  test('account acts on one account, by its address or its id', slow, async () => {
    const list = await clone.run('account', 'list', '--json')
    const [ana, bo] = list.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect([ana.address, bo.address]).toEqual(['ana@example.com', 'bo@example.com'])
    expect(await find('ANA@Example.com')).toEqual(ana)

    expect(await clone.run('account', 'disable', bo.id)).toEqual({
      ...{ status: 0, stdout: 'Disabled bo@example.com\n', stderr: '' },
    })
    expect(await find(bo.id)).toMatchObject({ disabledAt: expect.any(Number) })
    expect(await clone.run('account', 'send-reset', bo.id)).toMatchObject({ status: 1, stdout: '' })

    expect(await clone.run('account', 'delete', 'bo@example.com')).toMatchObject({ status: 0 })
    const gone = await clone.run('account', 'find', 'bo@example.com')
    expect(gone).toEqual({
      status: 1,
      stdout: '',
      stderr: 'There is no account of bo@example.com\n',
    })
    const audit = await clone.run('audit', '--account', bo.id, '--json')
    const events = audit.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).event)
    expect(events).toEqual(['account-deleted', 'account-disabled', 'account-imported'])
  })

  test('outbox shows what waits, and retries what there is', slow, async () => {
    const nothing = await clone.run('outbox', 'list')
    expect(nothing).toEqual({ status: 0, stdout: '', stderr: 'Nothing waits and nothing failed\n' })
    await clone.run('account', 'send-reset', 'ana@example.com')
    const { stdout } = await clone.run('outbox', 'list', '--json')
    const row = JSON.parse(stdout)
    expect(row).toMatchObject({ purpose: 'reset', address: 'a***@example.com', state: 'waiting' })
    expect(await clone.run('outbox', 'retry', row.id)).toMatchObject({
      ...{ status: 0, stdout: '1 due now, tried with the next sweep\n' },
    })
    const missing = await clone.run('outbox', 'retry', 'nosuchid')
    expect(missing).toMatchObject({ status: 1, stdout: '' })
    expect(missing.stderr).toContain('No row nosuchid waits or failed')
  })

  test('a reader that has seen enough is no failure', slow, async () => {
    const listing = clone.start('audit', ['--json'])
    listing.child.stdout.destroy()
    expect(await listing.ended).toEqual({ status: 0, stdout: '', stderr: '' })
  })
})
