/** The list of journeys is whole, and the README shows it. */
import { access, readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { journeys } from './list.ts'

test('every journey in the list is there, and every one that is there is in the list', async () => {
  const files = journeys.map(({ file }) => file)
  await Promise.all(files.map((file) => access(file)))
  const names = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.test.ts'))
  const here = names.map((name) => `test/journeys/${name}`)
  expect(here.filter((file) => !files.includes(file))).toEqual(['test/journeys/list.test.ts'])
})

test('the README shows the list', async () => {
  const readme = await readFile('README.md', 'utf8')
  const shown = [...readme.matchAll(/^\| (.*?) +\| ✓ +\| ✓ +\|$/gm)].map(([, does]) => does)
  expect(shown).toEqual(journeys.map(({ does }) => does))
})
