import { Address, Field, HiddenUsername, Ways } from '../parts/fields.tsx'
import { Layout } from '../parts/layout.tsx'
import { PasswordFields, type PasswordFieldsProblem } from '../parts/password-fields.tsx'
import type { View } from '../view.ts'

export interface NewPasswordPageProps {
  view: View
  /** The link's own path: the page posts to where it came from. */
  action: string
  address: string
  minLength: number
  problem?: PasswordFieldsProblem
}

/** The page behind the link in a reset mail. */
export function NewPasswordPage(props: NewPasswordPageProps) {
  const { view, action, address, minLength, problem } = props
  const { t, paths } = view
  return (
    <Layout
      view={view}
      title={t.newPassword.title}
      here={action}
      refused={Boolean(problem)}
      cleanUrl={`${paths.reset}?notice=open-link-again`}
    >
      <Address lead={t.newPassword.lead} address={address} />
      <form method="post" action={action} novalidate>
        <HiddenUsername address={address} />
        <PasswordFields view={view} minLength={minLength} problem={problem} autofocus />
        <button>{t.newPassword.submit}</button>
      </form>
    </Layout>
  )
}

export interface ConfirmRegistrationPageProps {
  view: View
  action: string
  address: string
  minLength: number
  username?: string
  problems?: { username?: 'missing' | 'too-long'; password?: PasswordFieldsProblem }
}

/** The page behind the link in a registration mail. */
export function ConfirmRegistrationPage(props: ConfirmRegistrationPageProps) {
  const { view, action, address, minLength, username, problems } = props
  const { t, paths } = view
  return (
    <Layout
      view={view}
      title={t.register.confirmTitle}
      here={action}
      refused={Boolean(problems)}
      typed={problems && { username: username ?? '' }}
      cleanUrl={`${paths.register}?notice=open-link-again`}
    >
      <Address lead={t.register.confirmLead} address={address} />
      <form method="post" action={action} novalidate>
        <HiddenUsername address={address} />
        <Field
          name="username"
          label={t.common.username}
          hint={t.common.usernameHint}
          autocomplete="name"
          value={username}
          problem={problems?.username && t.problems.username[problems.username]}
          autofocus={!problems || Boolean(problems.username)}
        />
        <PasswordFields
          view={view}
          minLength={minLength}
          problem={problems?.password}
          autofocus={Boolean(problems?.password && !problems.username)}
        />
        <button>{t.register.confirmSubmit}</button>
      </form>
    </Layout>
  )
}

export interface HasAccountPageProps {
  view: View
}

/** What the link of a registration says when its address has an account by now. */
export function HasAccountPage({ view }: HasAccountPageProps) {
  const { t, paths } = view
  return (
    <Layout view={view} title={t.register.hasAccountTitle} here={paths.login} glyph="person">
      <p>{t.register.hasAccount}</p>
      <Ways>
        <a href={paths.login} class="button">
          {t.login.title}
        </a>
        <a href={paths.reset}>{t.askReset.title}</a>
      </Ways>
    </Layout>
  )
}
