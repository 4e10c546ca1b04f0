import { expect, test } from 'vitest'
import { checkHtml } from '../../harness/http/mailpit/html-check.ts'
import { renderMails } from '../../templates/gallery/index.ts'
import { locales } from '../../templates/locales/index.ts'

/** In bytes, both parts together. */
const MAIL_MAX = 20_000

/** In percent, by the data of caniemail.com. */
const SUPPORT_MIN = 95

test.for(locales)(
  'every mail is small, and shown as meant nearly everywhere: %s',
  async (locale) => {
    for (const { name, text, html } of renderMails(locale)) {
      expect(new TextEncoder().encode(text + html).length, name).toBeLessThan(MAIL_MAX)
      expect(html, name).not.toMatch(/<img|<link|<script|url\(/)
      const { Total } = await checkHtml(html)
      expect(Total.Supported, name).toBeGreaterThanOrEqual(SUPPORT_MIN)
    }
  },
)

test.for(locales)(
  'every link is the same in both parts, alone on its line in the text: %s',
  (locale) => {
    for (const { name, text, html } of renderMails(locale)) {
      const inHtml = [...html.matchAll(/href="([^"]+)"/g)].map(([, url]) => url)
      const inText = text.split('\n').filter((line) => line.startsWith('https://'))
      expect([...new Set(inHtml)], name).toEqual(inText)
      expect(text.match(/https?:/g) ?? [], name).toHaveLength(inText.length)
    }
  },
)

test.for(locales)('every mail says which service and which address it is about: %s', (locale) => {
  for (const { name, subject, text, html } of renderMails(locale, { appName: 'Herb & Garten' })) {
    expect(subject, name).toContain('Herb & Garten')
    expect(text, name).toContain('Herb & Garten')
    expect(text, name).toContain('ada.lovelace@example.com')
    expect(html, name).toContain('Herb &amp; Garten')
  }
})

test('a mail with a link says how long it works, and what to do when it was not you', () => {
  const mails = renderMails('en').filter(({ name }) => /reset|register/.test(name))
  expect(mails).toHaveLength(2)
  for (const { text } of mails) {
    expect(text).toContain('for 30 minutes after this mail was sent')
    expect(text).toContain('If it was not you')
    expect(text).toContain('Safari on iOS')
  }
})

test('an inbox shows what matters beside the subject: not the greeting', () => {
  const [reset] = renderMails('en')
  const preheader = /mso-hide:all">([^<]+)</.exec(reset?.html ?? '')?.[1]
  expect(preheader).toMatch(/^The link works once, for 30 minutes/)
})
