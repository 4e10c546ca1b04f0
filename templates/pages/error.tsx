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

/** What is over after a while. */
const passing: readonly ErrorKind[] = ['throttled', 'overloaded', 'unavailable']

/** Every refusal that is not about a field, with the way on one click away. */
export function ErrorPage({ view, kind, retryAfter = 60 }: ErrorPageProps) {
  const { t, locale, paths } = view
  const { title, lead } = t.errors[kind]
  const glyph = passing.includes(kind) ? 'clock' : 'info'
  return (
    <Layout view={view} title={title} here={paths.login} glyph={glyph}>
      <p>{typeof lead === 'string' ? lead : lead(formatDuration(retryAfter, locale))}</p>
      <Ways>
        <a href={paths.login} class="button">
          {t.common.backToLogin}
        </a>
        <a href={paths.reset}>{t.login.forgot}</a>
      </Ways>
    </Layout>
  )
}
