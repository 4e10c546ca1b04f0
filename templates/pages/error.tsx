import { Ways } from '../parts/fields.tsx'
import { Layout } from '../parts/layout.tsx'
import { formatDuration } from '../locales/format.ts'
import type { Words } from '../locales/index.ts'
import type { View } from '../view.ts'

export type ErrorKind = keyof Words['errors']

export interface ErrorPageProps {
  view: View
  kind: ErrorKind
  /** In seconds; for `throttled`. */
  retryAfter?: number
}

/** Every refusal that is not about a field, with the way on one click away. */
export function ErrorPage({ view, kind, retryAfter = 60 }: ErrorPageProps) {
  const { t, locale, paths } = view
  const { title, lead } = t.errors[kind]
  return (
    <Layout view={view} title={title} here={paths.login} glyph="pause">
      <p>{typeof lead === 'string' ? lead : lead(formatDuration(retryAfter, locale))}</p>
      <Ways>
        <a href={paths.login}>{t.common.backToLogin}</a>
        <a href={paths.reset}>{t.login.forgot}</a>
      </Ways>
    </Layout>
  )
}
