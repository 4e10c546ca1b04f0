/** What `npm test` begins with: the `check:` scripts of a package.json, beside each other. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparekey-check-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Starts it in a project that has these scripts. */
async function startCheck(scripts: Record<string, string>) {
  await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts }))
  const child = spawn(process.execPath, [resolve('build/check.ts')], { cwd: folder })
  const printed = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text))
  const ended = once(child, 'close').then(([status]) => ({ status, ...printed }))
  return { child, printed, ended }
}

test('every check is run, whichever fails, and all that each says is printed', async () => {
  const { ended } = await startCheck({
    'check:first': 'echo this is wrong; echo and this >&2; exit 3',
    'check:second': 'echo this is right',
    test: 'echo this is no check',
  })
  const { status, stdout, stderr } = await ended
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
  const lines = stdout.split('\n').toSorted()
  const first = ['check:first FAILED', 'this is wrong', 'and this']
  const second = ['check:second passed', 'this is right']
  expect(lines).toEqual(['', ...first, ...second].toSorted())
})

test('it passes when all pass, and not when there is none', async () => {
  const { ended } = await startCheck({ 'check:first': 'true', 'check:second': 'true' })
  expect(await ended).toMatchObject({ status: 0, stderr: '' })
  const without = await startCheck({ test: 'true' })
  expect(await without.ended).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('Cannot check'),
  })
})

test('told to end, it ends all that a check has started', async () => {
  const { child, printed, ended } = await startCheck({
    'check:soon': 'true',
    'check:never': 'tail -f /dev/null & echo it waits > begun; wait',
  })
  const begun = () => readFile(join(folder, 'begun'), 'utf8').catch(() => '')
  await expect.poll(begun).toContain('it waits')
  await expect.poll(() => printed.stdout).toContain('check:soon passed')
  child.kill('SIGTERM')
  // It ends once nobody has the output of a check open any more.
  expect(await ended).toMatchObject({ status: 1 })
})
