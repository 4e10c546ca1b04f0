import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { type Locale, locales, wordsOf } from '../locales/index.ts'
import script from '../page.browser.js'
import type { View } from '../view.ts'
import { Glyph, type GlyphName } from './glyphs.tsx'

export interface LayoutProps {
  view: View
  title: string
  /** The path under which this page, or the nearest to it, is found in another language. */
  here: string
  /** Something was refused: the title says so, for it is what a screen reader reads first. */
  refused?: boolean
  /** What was typed and refused, by the names of the fields: shown again in another language, with the reason. */
  typed?: Typed | undefined
  glyph?: GlyphName
  /** Where the address bar shall point instead of at a link's token. */
  cleanUrl?: string
  children?: Child
}

export type Typed = Readonly<Record<string, string>>

/** The frame of every page: its style and its one small script stand in it, allowed by their hashes. */
export function Layout(props: LayoutProps) {
  const { view, title, here, refused, typed, glyph, cleanUrl, children } = props
  const { t, locale, appName, brand } = view
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={locale} dir={t.direction}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>{`${refused ? t.common.problemTitle(title) : title} · ${appName}`}</title>
          {cleanUrl && <meta name="sparekey-clean-url" content={cleanUrl} />}
          <link rel="icon" href="data:," />
          <style>{raw(brand.style)}</style>
        </head>
        <body>
          <Masthead view={view} />
          <main>
            {glyph && <Glyph name={glyph} />}
            <h1>{title}</h1>
            {children}
          </main>
          <footer>
            <LanguageChoice view={view} here={here} typed={typed} />
          </footer>
          <script>{raw(script)}</script>
        </body>
      </html>
    </>
  )
}

function Masthead({ view: { appName, brand, paths } }: { view: View }) {
  return (
    <header>
      <a href={paths.home}>
        {brand.logo === null ? <Glyph name="key" /> : <img src={brand.logo} alt="" />}
        <bdi>{appName}</bdi>
      </a>
    </header>
  )
}

interface LanguageChoiceProps {
  view: View
  here: string
  typed: Typed | undefined
}

/** Each in its own language: whoever cannot read this page finds the one they can. */
function LanguageChoice({ view: { t, locale }, here, typed }: LanguageChoiceProps) {
  const choices = (
    <ul class="languages">
      {locales.map((other) => (
        <li>
          <Language url={`${here}?lang=${other}`} locale={other} chosen={locale} typed={typed} />
        </li>
      ))}
    </ul>
  )
  return (
    <details>
      <summary>
        <Glyph name="globe" />
        <span class="unseen">{t.common.chooseLanguage}: </span>
        {t.language}
      </summary>
      {typed === undefined ? (
        choices
      ) : (
        <form method="post" action={here}>
          {Object.entries(typed).map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          {choices}
        </form>
      )}
    </details>
  )
}

interface LanguageProps {
  url: string
  locale: Locale
  chosen: Locale
  typed: Typed | undefined
}

/** What was typed goes along in the form, not in a URL, which would be kept and logged. */
function Language({ url, locale, chosen, typed }: LanguageProps) {
  const { language } = wordsOf(locale)
  const props = { lang: locale, 'aria-current': locale === chosen ? 'true' : undefined } as const
  if (typed === undefined) {
    return (
      <a href={url} hreflang={locale} {...props}>
        {language}
      </a>
    )
  }
  return (
    <button formaction={url} {...props}>
      {language}
    </button>
  )
}

/** The script that stands inline in every page and so has to be named in its Content-Security-Policy. */
export const inlineScript = script
