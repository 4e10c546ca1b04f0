import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import script from '../page.browser.js'
import style from '../style.css'
import type { View } from '../view.ts'

export interface LayoutProps {
  view: View
  title: string
  /** Where the address bar shall point instead of at a link's token. */
  cleanUrl?: string
  children?: Child
}

/** The frame of every page: its style and its one small script stand in it, allowed by their hashes. */
export function Layout({ view, title, cleanUrl, children }: LayoutProps) {
  const { t, locale, appName, paths } = view
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={locale} dir={t.direction}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>{`${title} · ${appName}`}</title>
          {cleanUrl && <meta name="sparekey-clean-url" content={cleanUrl} />}
          <link rel="icon" href="data:," />
          <style>{raw(style)}</style>
        </head>
        <body>
          <header>
            <a href={paths.home}>{appName}</a>
          </header>
          <main>
            <h1>{title}</h1>
            {children}
          </main>
          <script>{raw(script)}</script>
        </body>
      </html>
    </>
  )
}

/** What stands inline in a page and so has to be named in its Content-Security-Policy. */
export const inlined = { style, script }
