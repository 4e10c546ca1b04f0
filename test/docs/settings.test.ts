/** The settings that the README names are what the commands hand on. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { readSettings } from '../../commands/settings.ts'

test('every setting that the README names is read from the environment', async () => {
  const readme = await readFile('README.md', 'utf8')
  const [, settings = ''] = /^## Settings$(.*?)^### Limits$/ms.exec(readme) ?? []
  const rows = settings.split('\n').filter((line) => line.startsWith('| `'))
  const names = rows.flatMap((row) =>
    [...row.matchAll(/`([A-Z]+_[A-Z_]+|ADMINS|REGISTRATION)`/g)].map(([, name]) => name),
  )
  expect(names.length).toBeGreaterThan(20)
  const environment = Object.fromEntries(names.map((name) => [name, 'x']))
  expect(Object.keys(await readSettings(environment))).toEqual(
    expect.arrayContaining([...new Set(names)]),
  )
})
