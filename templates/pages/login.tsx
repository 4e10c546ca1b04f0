import { Field, Notice, PasswordField, Problem, Ways } from '../parts/fields.tsx'
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
  const message = problem || notice ? 'message' : undefined
  return (
    <Layout
      view={view}
      title={t.login.title}
      here={paths.login}
      refused={Boolean(problem)}
      typed={problem && { email: email ?? '', problem }}
    >
      {notice && <Notice id="message">{t.notices[notice]}</Notice>}
      {problem && <Problem id="message">{t.login[problem]}</Problem>}
      <form method="post" action={paths.login} novalidate>
        <Field
          name="email"
          type="email"
          label={t.common.email}
          autocomplete="username"
          value={email}
          describedBy={problem && email ? undefined : message}
          autofocus={!problem || !email}
        />
        <PasswordField
          view={view}
          name="password"
          label={t.common.password}
          autocomplete="current-password"
          describedBy={problem && email ? message : undefined}
          autofocus={Boolean(problem && email)}
        />
        <button>{t.login.submit}</button>
      </form>
      <Ways>
        <a href={paths.reset}>{t.login.forgot}</a>
        <a href={paths.register}>{t.login.register}</a>
      </Ways>
    </Layout>
  )
}
