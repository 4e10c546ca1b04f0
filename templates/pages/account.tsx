import { Field, HiddenUsername, Notice } from '../parts/fields.tsx'
import { Layout } from '../parts/layout.tsx'
import { PasswordFields, type PasswordFieldsProblem } from '../parts/password-fields.tsx'
import { formatTime } from '../locales/format.ts'
import type { View } from '../view.ts'

export interface AccountPageProps {
  view: View
  username: string
  address: string
  minLength: number
  sessions: readonly SessionEntry[]
  notice?: 'password-changed'
  problem?: PasswordFieldsProblem | 'currentPassword'
}

export interface SessionEntry {
  id: string
  current: boolean
  browser: string | null
  system: string | null
  /** Unix seconds. */
  createdAt: number
  lastSeenAt: number
}

export function AccountPage(props: AccountPageProps) {
  const { view, username, address, minLength, sessions, notice, problem } = props
  const { t, paths } = view
  return (
    <Layout view={view} title={t.account.greeting(username)}>
      {notice && <Notice>{t.notices['account-password-changed']}</Notice>}
      <p>
        {t.account.signedInAs} <span class="address">{address}</span>
      </p>
      <form method="post" action={paths.logout}>
        <button class="quiet">{t.account.logout}</button>
      </form>
      <h2>{t.account.changePassword}</h2>
      <form method="post" action={paths.accountPassword}>
        <HiddenUsername address={address} />
        <Field
          name="current_password"
          type="password"
          label={t.common.currentPassword}
          autocomplete="current-password"
          problem={problem === 'currentPassword' ? t.problems.currentPassword : undefined}
          autofocus={problem === 'currentPassword'}
        />
        <PasswordFields
          view={view}
          minLength={minLength}
          problem={problem === 'currentPassword' ? undefined : problem}
          autofocus={problem !== undefined && problem !== 'currentPassword'}
        />
        <p>
          <button>{t.account.changeSubmit}</button>
        </p>
      </form>
      <h2>{t.account.sessions}</h2>
      <ul class="sessions">
        {sessions.map((session) => (
          <SessionItem view={view} session={session} />
        ))}
      </ul>
      {sessions.length > 1 && (
        <form method="post" action={paths.revokeSessions}>
          <input type="hidden" name="all" value="1" />
          <button class="quiet">{t.account.endOthers}</button>
        </form>
      )}
    </Layout>
  )
}

function SessionItem({ view, session }: { view: View; session: SessionEntry }) {
  const { t, paths, locale } = view
  const { browser, system } = session
  const device = browser && system ? t.mails.device(browser, system) : (browser ?? system)
  return (
    <li>
      <span>
        {device ?? t.account.unknownDevice}
        {session.current && ` (${t.account.thisSession})`}
        <small class="hint">{t.account.lastSeen(formatTime(session.lastSeenAt, locale))}</small>
      </span>
      {!session.current && (
        <form method="post" action={paths.revokeSessions}>
          <input type="hidden" name="session" value={session.id} />
          <button class="quiet">{t.account.endSession}</button>
        </form>
      )}
    </li>
  )
}
