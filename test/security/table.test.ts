/** SECURITY.md names tests: each is there, by that path and that title. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const rows = readFileSync('SECURITY.md', 'utf8')
  .split('\n')
  .map((line) => ({
    line,
    paths: [...line.matchAll(/`(?:test\/)?([\w/-]+\.test\.ts)`/g)].map(
      ([, path]) => `test/${path}`,
    ),
    titles: [...cellOf(line).matchAll(/"([^"]+)"/g)].map(([, title]) => title ?? ''),
  }))
  .filter(({ paths }) => paths.length > 0)

/** Where a row of a table says what shows it: in its last cell. */
function cellOf(line: string): string {
  return line.split('|').at(-2) ?? line
}

test('SECURITY.md names tests', () => {
  expect(rows.length).toBeGreaterThan(40)
})

test.each(rows)('$line', ({ paths, titles }) => {
  expect(paths.filter((path) => !existsSync(path))).toEqual([])
  const texts = paths.map((path) => readFileSync(path, 'utf8')).join('\n')
  expect(titles.filter((title) => !texts.includes(title))).toEqual([])
})
