/**
 * docs/deploy.md, as far as it goes without an account: what needs none is run
 * in a fresh clone, of what needs one (☁) wrangler's own help is asked (with
 * FULL=1: it takes its time for every answer). With FULL=1 the Worker is bundled here
 * once more, as it was for all tests before the first (test/build-workers.ts).
 */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { Clone } from '../commands/clone.ts'
import { full } from '../full.ts'

const run = promisify(execFile)
const [hasOpenssl, hasSqlite] = await Promise.all(['openssl', 'sqlite3'].map(isInstalled))

const guide = await readFile('docs/deploy.md', 'utf8')
const readme = sectionOf(await readFile('README.md', 'utf8'), 'Deploy it')

interface Step {
  command: string
  /** Marked ☁. */
  needsAccount: boolean
}

const steps = stepsOf(guide)

const [here, there] = [steps.filter((step) => !step.needsAccount), steps.filter(isInCloud)]

function stepsOf(text: string): Step[] {
  const marked = text.matchAll(/(☁ )?`((?:npm|npx|openssl|curl|sqlite3) [^`]+)`/g)
  return [...marked].map(([, cloud, command = '']) => ({
    command,
    needsAccount: cloud !== undefined,
  }))
}

/** What stands below a heading of the second level. */
function sectionOf(text: string, heading: string): string {
  const [, section = ''] = text.split(`\n## ${heading}\n`)
  return section.split('\n## ')[0] ?? ''
}

function isInCloud({ needsAccount }: Step): boolean {
  return needsAccount
}

let clone: Clone
beforeAll(async () => {
  clone = await Clone.make()
})
afterAll(() => clone[Symbol.asyncDispose]())

test('it opens with what it costs; so does the README, and the doctor says so, too', async () => {
  expect(guide).toMatch(/^# Deploy it\n\n## What it costs\n/)
  const { stdout: doctor } = await clone.run('doctor')
  const [opening = ''] = readme.trim().split('\n\n')
  for (const words of [sectionOf(guide, 'What it costs'), opening, doctor]) {
    expect(words).toMatch(/\bfree plan\b/)
    expect(words).toMatch(/\bpaid plan\b/)
    expect(words).toMatch(/\b10 ms\b/)
  }
})

test('the README has the same steps, in the same order', () => {
  expect(stepsOf(readme).length).toBeGreaterThan(10)
  expect(stepsOf(readme)).toEqual(stepsOf(sectionOf(guide, 'On Cloudflare Workers')))
})

describe('what needs no account', () => {
  const commands = here.map(({ command }) => command)
  const ofWrangler = commands.filter((command) => /^npx wrangler (?!.*shop-)/.test(command))
  const bundling = 'npx wrangler deploy --dry-run'

  test('is to bundle the Worker, among others', () => {
    expect(ofWrangler).toContain(bundling)
  })

  const once = new Set(ofWrangler.filter((command) => full || command !== bundling))

  test.each([...once])('runs: %s', async (command) => {
    const { status, stderr } = await clone.wrangler(...wordsOf(command).slice(2))
    expect(status, stderr).toBe(0)
  })

  test.runIf(hasOpenssl)('makes a key that the service takes', async () => {
    const [program = '', ...args] = wordsOf(commandWith('openssl'))
    const { stdout } = await run(program, args)
    const result = parseConfig({ SECRET_KEY: stdout })
    const names = result.ok ? [] : result.problems.map(({ name }) => name)
    expect(names).toContain('PUBLIC_URL')
    expect(names).not.toContain('SECRET_KEY')
  })

  test('has the scripts that it names', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: object }
    const named = here.flatMap(({ command }) => [...command.matchAll(/npm (?:run )?([a-z:]+)/g)])
    const names = named.map(([, name = '']) => name).filter((name) => !/^(ci|install)$/.test(name))
    expect(names).toEqual(expect.arrayContaining(['test', 'doctor', 'dev', 'build']))
    expect(names.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
  })

  test.runIf(hasSqlite)('backs up the file while it is open', async () => {
    const path = clone.file('sparekey.db')
    using db = clone.database()
    db.exec(`VACUUM INTO '${path}'`)
    const [program = '', file = '', order = ''] = wordsOf(commandWith('sqlite3'))
    await run(program, [file, order], { cwd: clone.path })
    const { stdout } = await run(program, ['copy.db', '.tables'], { cwd: clone.path })
    expect(stdout).toMatch(/\baccount\b/)
  })
})

describe('what needs one', () => {
  const commands = there.map(({ command }) => command.replaceAll('shop-accounts', 'sparekey'))
  const ofWrangler = commands.filter((command) => command.startsWith('npx wrangler'))

  test('is all that would ask for one', () => {
    const would = /wrangler (login|secret|tail|queues|d1 create|deploy$)|--remote|https:/
    expect(there.filter(({ command }) => !would.test(command))).toEqual([])
    expect(here.filter(({ command }) => would.test(command))).toEqual([])
  })

  test.runIf(full).each([...new Set(ofWrangler)])(
    'is a command of wrangler: %s',
    async (command) => {
      const words = wordsOf(command).slice(2)
      const verbs = words.filter((word) => /^[a-z\d]+$/.test(word) && word !== 'sparekey')
      const { status, stdout } = await clone.wrangler(...verbs, '--help')
      expect(status).toBe(0)
      expect(stdout).toMatch(new RegExp(`^wrangler ${verbs.join(' ')}(?: |$)`, 'm'))
      for (const [flag] of command.matchAll(/--[a-z-]+/g)) expect(stdout).toContain(flag)
    },
  )
})

test('an app of somebody’s own has just what is shown', async () => {
  const [, toml = ''] = /```toml\n([\s\S]*?)```/.exec(guide) ?? []
  expect(toml).toContain('migrations_dir')
  expect(await readFile('test/examples/mounted/wrangler.toml', 'utf8')).toContain(toml)
})

/** Whether this machine has it; what it has not is left out, and vitest says so. */
async function isInstalled(program: string): Promise<boolean> {
  return run(program, ['-version']).then(
    () => true,
    (error: { code?: unknown }) => error.code !== 'ENOENT',
  )
}

function commandWith(program: string): string {
  const step = here.find(({ command }) => command.startsWith(`${program} `))
  if (step === undefined) throw new Error(`docs/deploy.md has no command with ${program}`)
  return step.command
}

/** As a shell would take them apart. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word = '']) => quoted ?? word)
}
