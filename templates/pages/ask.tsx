import { Field, Notice, Ways } from '../parts/fields.tsx'
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

export function AskResetPage(props: AskResetPageProps) {
  const { t, paths } = props.view
  return <AskPage {...props} words={t.askReset} here={paths.reset} />
}

export interface RegisterPageProps extends AskResetPageProps {
  closed: boolean
}

export function RegisterPage({ closed, ...props }: RegisterPageProps) {
  const { t, paths } = props.view
  if (closed) return <ClosedPage view={props.view} />
  return <AskPage {...props} words={t.register} here={paths.register} />
}

interface AskPageProps extends AskResetPageProps {
  words: { title: string; lead: string; submit: string }
  here: string
}

function AskPage({ view, email, notice, problem, words, here }: AskPageProps) {
  const { t, paths } = view
  return (
    <Layout
      view={view}
      title={words.title}
      here={here}
      refused={Boolean(problem)}
      typed={problem && { email: email ?? '' }}
    >
      {notice && <Notice id="message">{t.notices[notice]}</Notice>}
      <p>{words.lead}</p>
      <AddressForm
        view={view}
        action={here}
        submit={words.submit}
        describedBy={notice && 'message'}
        {...{ email, problem }}
      />
      <Ways>
        <a href={paths.login}>{t.common.backToLogin}</a>
      </Ways>
    </Layout>
  )
}

function ClosedPage({ view }: { view: View }) {
  const { t, paths } = view
  return (
    <Layout view={view} title={t.register.title} here={paths.register} glyph="info">
      <p>{t.register.closed}</p>
      <Ways>
        <a href={paths.login} class="button">
          {t.common.backToLogin}
        </a>
        <a href={paths.reset}>{t.login.forgot}</a>
      </Ways>
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
  const [words, here, again] =
    purpose === 'reset'
      ? [t.askReset, paths.resetSent, paths.reset]
      : [t.register, paths.registerSent, paths.register]
  return (
    <Layout view={view} title={words.sentTitle} here={here} glyph="mail">
      <p>{words.sent(formatDuration(ttl, locale))}</p>
      <p class="hint">{t.askReset.sentHint}</p>
      <Ways>
        <a href={again}>{t.askReset.again}</a>
        <a href={paths.login}>{t.common.backToLogin}</a>
      </Ways>
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
  const action = reset ? paths.reset : paths.register
  return (
    <Layout view={view} title={t.deadLink.title} here={action} glyph="broken-link">
      <p>{reset ? t.deadLink.lead : t.deadLink.registerLead}</p>
      <AddressForm
        view={view}
        action={action}
        submit={reset ? t.askReset.submit : t.register.submit}
      />
      <Ways>
        <a href={paths.login}>{t.common.backToLogin}</a>
      </Ways>
    </Layout>
  )
}

interface AddressFormProps {
  view: View
  action: string
  submit: string
  email?: string | undefined
  problem?: AddressProblem | undefined
  describedBy?: string | undefined
}

function AddressForm(props: AddressFormProps) {
  const { view, action, submit, email, problem, describedBy } = props
  const { t } = view
  return (
    <form method="post" action={action} novalidate>
      <Field
        name="email"
        type="email"
        label={t.common.email}
        autocomplete="username"
        value={email}
        problem={problem && t.problems[problem]}
        describedBy={describedBy}
        autofocus
      />
      <button>{submit}</button>
    </form>
  )
}
