/** What a command is bundled into is kept, and never longer than it holds. */
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { BUNDLES, Clone } from './clone.ts'

const slow = { timeout: 60_000 }

test('a command is bundled once, until a file that it is made of has changed', slow, async () => {
  await using clone = await Clone.make()
  const help = async () => (await clone.run('audit', '--help')).stdout
  const bundles = () => readdirSync(clone.file(`${BUNDLES}/commands/audit`))
  rmSync(clone.file(BUNDLES), { recursive: true })
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

test('a copy of the project goes on with the bundles that it was copied with', slow, async () => {
  await using clone = await Clone.make()
  const bundles = () => readdirSync(clone.file(`${BUNDLES}/commands/audit`))
  const copied = bundles()
  expect(copied).toContain('kept.json')
  expect(await clone.run('audit', '--help')).toMatchObject({ status: 0 })
  expect(bundles()).toEqual(copied)
})
