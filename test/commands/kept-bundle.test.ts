/** What a command is bundled into is kept, and never longer than it holds. */
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Clone } from './clone.ts'

const slow = { timeout: 60_000 }

test('a command is bundled once, until a file that it is made of has changed', slow, async () => {
  await using clone = await Clone.make()
  const help = async () => (await clone.run('audit', '--help')).stdout
  const bundles = () => readdirSync(clone.file('.sparekey/build/commands/audit'))
  await help()
  const before = await help()
  const kept = bundles()
  expect(await help()).toBe(before)
  expect(bundles()).toEqual(kept)

  // As many characters, and as old as it was: a tool that restores files makes them so.
  const source = clone.file('commands/audit.ts')
  const { atime, mtime } = statSync(source)
  writeFileSync(source, readFileSync(source, 'utf8').replaceAll('npm run audit', 'npm run AUDIT'))
  utimesSync(source, atime, mtime)
  expect(await help()).toBe(before.replaceAll('npm run audit', 'npm run AUDIT'))
  expect(bundles().length).toBeGreaterThan(kept.length)

  rmSync(clone.file('commands/run-command.ts'))
  expect(await clone.run('audit', '--help')).toMatchObject({
    ...{ status: 1, stdout: '', stderr: expect.stringContaining('run-command.ts') },
  })
})
