import { expect, test } from 'vitest'
import { renderPages } from '../../templates/gallery/index.ts'
import { locales } from '../../templates/locales/index.ts'

/** In bytes, with style and script, as it crosses the wire before compression. */
const PAGE_MAX = 15_000

test.for(locales)('no page is larger than 15 KB with its style: %s', async (locale) => {
  for (const { name, html } of await renderPages(locale)) {
    expect(html.includes('.field {'), name).toBe(true)
    expect(new TextEncoder().encode(html).length, name).toBeLessThan(PAGE_MAX)
  }
})

test('every page leads on: to the log-in page, to a form, or both', async () => {
  for (const { name, html } of await renderPages('en')) {
    expect(html, name).toMatch(/<form method="post"|href="\/login"/)
  }
})

test('every page that is refused says so in its title and puts the focus on a field', async () => {
  const pages = await renderPages('en')
  const refused = pages.filter(({ html }) => /class="problem"/.test(html))
  expect(refused.length).toBeGreaterThan(10)
  for (const { name, html } of refused) {
    expect(html, name).toContain('<title>Problem: ')
    expect(html.match(/ autofocus/g), name).toHaveLength(1)
  }
})

test('every password field tells a password manager what it is', async () => {
  for (const { name, html } of await renderPages('en')) {
    for (const [field] of html.matchAll(/<input[^>]*type="password"[^>]*>/g)) {
      expect(field, name).toMatch(/autocomplete="(?:current|new)-password"/)
      expect(html, name).toContain('autocomplete="username"')
    }
  }
})
