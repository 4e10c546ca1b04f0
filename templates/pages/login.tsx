import { Field, Notice, Problem } from '../parts/fields.tsx'
import { Layout } from '../parts/layout.tsx'
import type { View } from '../view.ts'

export interface LoginPageProps {
  view: View
  email?: string
  notice?: 'registered' | 'password-changed'
  problem?: 'wrong' | 'missing'
}

export function LoginPage({ view, email, notice, problem }: LoginPageProps) {
  const { t, paths } = view
  return (
    <Layout view={view} title={t.login.title}>
      {notice && <Notice>{t.notices[notice]}</Notice>}
      {problem && <Problem>{t.login[problem]}</Problem>}
      <form method="post" action={paths.login}>
        <Field
          name="email"
          type="email"
          label={t.common.email}
          autocomplete="username"
          value={email}
          autofocus={!problem}
        />
        <Field
          name="password"
          type="password"
          label={t.common.password}
          autocomplete="current-password"
          autofocus={Boolean(problem)}
        />
        <p>
          <button>{t.login.submit}</button>
        </p>
      </form>
      <p>
        <a href={paths.reset}>{t.login.forgot}</a>
      </p>
      <p>
        <a href={paths.register}>{t.login.register}</a>
      </p>
    </Layout>
  )
}
