import { Field, Notice, Problem } from '../parts/fields.tsx'
import { Layout } from '../parts/layout.tsx'
import { formatDuration } from '../locales/format.ts'
import type { View } from '../view.ts'

export type AddressProblem = 'email' | 'emailMissing'

export interface AskResetPageProps {
  view: View
  email?: string
  notice?: 'open-link-again'
  problem?: AddressProblem
}

export function AskResetPage({ view, email, notice, problem }: AskResetPageProps) {
  const { t, paths } = view
  return (
    <Layout view={view} title={t.askReset.title}>
      {notice && <Notice>{t.notices[notice]}</Notice>}
      <p>{t.askReset.lead}</p>
      <AddressForm
        view={view}
        action={paths.reset}
        submit={t.askReset.submit}
        {...{ email, problem }}
      />
      <p>
        <a href={paths.login}>{t.common.backToLogin}</a>
      </p>
    </Layout>
  )
}

export interface RegisterPageProps {
  view: View
  email?: string
  closed: boolean
  notice?: 'open-link-again'
  problem?: AddressProblem
}

export function RegisterPage({ view, email, closed, notice, problem }: RegisterPageProps) {
  const { t, paths } = view
  return (
    <Layout view={view} title={t.register.title}>
      {notice && <Notice>{t.notices[notice]}</Notice>}
      {closed ? (
        <Problem>{t.register.closed}</Problem>
      ) : (
        <>
          <p>{t.register.lead}</p>
          <AddressForm
            view={view}
            action={paths.register}
            submit={t.register.submit}
            {...{ email, problem }}
          />
        </>
      )}
      <p>
        <a href={paths.login}>{t.common.backToLogin}</a>
      </p>
    </Layout>
  )
}

export interface SentPageProps {
  view: View
  purpose: 'reset' | 'register'
  /** In seconds. */
  ttl: number
}

/** The answer to every ask, whoever asked for whatever address. */
export function SentPage({ view, purpose, ttl }: SentPageProps) {
  const { t, paths, locale } = view
  const words = purpose === 'reset' ? t.askReset : t.register
  return (
    <Layout view={view} title={words.sentTitle}>
      <p>{words.sent(formatDuration(ttl, locale))}</p>
      <p>{t.askReset.sentHint}</p>
      <p>
        <a href={purpose === 'reset' ? paths.reset : paths.register}>{t.askReset.again}</a>
      </p>
      <p>
        <a href={paths.login}>{t.common.backToLogin}</a>
      </p>
    </Layout>
  )
}

export interface DeadLinkPageProps {
  view: View
  purpose: 'reset' | 'register'
}

/** A link that is used, too old or wrong, with what to do next on the same page. */
export function DeadLinkPage({ view, purpose }: DeadLinkPageProps) {
  const { t, paths } = view
  const reset = purpose === 'reset'
  return (
    <Layout view={view} title={t.deadLink.title}>
      <p>{reset ? t.deadLink.lead : t.deadLink.registerLead}</p>
      <AddressForm
        view={view}
        action={reset ? paths.reset : paths.register}
        submit={reset ? t.askReset.submit : t.register.submit}
      />
      <p>
        <a href={paths.login}>{t.common.backToLogin}</a>
      </p>
    </Layout>
  )
}

interface AddressFormProps {
  view: View
  action: string
  submit: string
  email?: string | undefined
  problem?: AddressProblem | undefined
}

function AddressForm({ view: { t }, action, submit, email, problem }: AddressFormProps) {
  return (
    <form method="post" action={action}>
      <Field
        name="email"
        type="email"
        label={t.common.email}
        autocomplete="username"
        value={email}
        problem={problem && t.problems[problem]}
        autofocus
      />
      <p>
        <button>{submit}</button>
      </p>
    </form>
  )
}
