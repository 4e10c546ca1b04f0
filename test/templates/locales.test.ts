import { expect, test } from 'vitest'
import { formatAgo, formatDuration } from '../../templates/locales/format.ts'
import { locales, negotiateLocale, wordsOf } from '../../templates/locales/index.ts'
import { counted } from '../../templates/locales/plural.ts'

test('there are eight languages', () => {
  expect(locales).toEqual(['en', 'pt-BR', 'es', 'de', 'fr', 'zh-CN', 'ja', 'ar'])
})

test.for(locales.filter((locale) => locale !== 'en'))('%s has words of its own', (locale) => {
  const english = new Map(leavesOf(wordsOf('en')))
  const borrowed = leavesOf(wordsOf(locale)).filter(([path, text]) => {
    return path !== '.direction' && text === english.get(path)
  })
  expect(borrowed).toEqual([])
})

test.for(locales)('%s has a text for every plural its language has', (locale) => {
  const { remaining } = wordsOf(locale).typing
  const rules = new Intl.PluralRules(locale)
  for (let count = 1; count <= 64; count++) {
    expect(remaining, `${count}`).toHaveProperty(rules.select(count))
  }
})

test('counts and durations are said as people say them', () => {
  const letters = counted('ar', { few: '# أحرف', many: '# حرفًا', other: '# حرف' })
  expect(letters(8)).toBe('8 أحرف')
  expect(letters(15)).toBe('15 حرفًا')
  expect(formatDuration(1800, 'en')).toBe('30 minutes')
  expect(formatDuration(60, 'de')).toBe('1 Minute')
  expect(formatDuration(7200, 'es')).toBe('2 horas')
  expect(formatDuration(45, 'pt-BR')).toBe('45 segundos')
  expect(formatAgo(3, 'en')).toBe('now')
  expect(formatAgo(300, 'es')).toBe('hace 5 minutos')
  expect(formatAgo(86_400, 'de')).toBe('gestern')
})

test.for([
  ['de-AT,de;q=0.9,en;q=0.8', 'de'],
  ['pt', 'pt-BR'],
  ['zh-Hans-CN', 'zh-CN'],
  ['nl, fr;q=0.3, ja;q=0.7', 'ja'],
  ['nl', 'en'],
  ['ar;q=0', 'en'],
  ['', 'en'],
] as const)('Accept-Language %s gets %s', ([header, locale]) => {
  expect(negotiateLocale(header, 'en')).toBe(locale)
})

/** Every text with its path; functions are called with something that shows. */
function leavesOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return [[path, String(value(7, 8))]]
  return Object.entries(value ?? {}).flatMap(([key, inner]) => leavesOf(inner, `${path}.${key}`))
}
