import { Address, HiddenUsername, Notice, PasswordField } from '../parts/fields.tsx'
import { Layout } from '../parts/layout.tsx'
import { PasswordFields, type PasswordFieldsProblem } from '../parts/password-fields.tsx'
import { formatAgo } from '../locales/format.ts'
import type { View } from '../view.ts'

export interface AccountPageProps {
  view: View
  username: string
  address: string
  minLength: number
  sessions: readonly SessionEntry[]
  /** Unix seconds. */
  now: number
  notice?: 'password-changed'
  problem?: PasswordFieldsProblem | 'currentPassword'
}

export interface SessionEntry {
  id: string
  current: boolean
  browser: string | null
  system: string | null
  /** Unix seconds. */
  lastSeenAt: number
}

export function AccountPage(props: AccountPageProps) {
  const { view, username, address, notice, problem } = props
  const { t, paths } = view
  return (
    <Layout
      view={view}
      title={t.account.greeting(username)}
      here={paths.account}
      refused={Boolean(problem)}
    >
      {notice && <Notice>{t.notices['account-password-changed']}</Notice>}
      <Address lead={t.account.signedInAs} address={address} />
      <form method="post" action={paths.logout}>
        <button class="quiet">{t.account.logout}</button>
      </form>
      <ChangePassword {...props} />
      <Sessions {...props} />
    </Layout>
  )
}

function ChangePassword({ view, address, minLength, problem }: AccountPageProps) {
  const { t, paths } = view
  const wrong = problem === 'currentPassword'
  return (
    <section>
      <h2>{t.account.changePassword}</h2>
      <form method="post" action={paths.accountPassword} novalidate>
        <HiddenUsername address={address} />
        <PasswordField
          view={view}
          name="current_password"
          label={t.common.currentPassword}
          autocomplete="current-password"
          problem={wrong ? t.problems.currentPassword : undefined}
          autofocus={wrong}
        />
        <PasswordFields
          view={view}
          minLength={minLength}
          problem={wrong ? undefined : problem}
          autofocus={problem !== undefined && !wrong}
        />
        <button>{t.account.changeSubmit}</button>
      </form>
    </section>
  )
}

function Sessions({ view, sessions, now }: AccountPageProps) {
  const { t, paths } = view
  return (
    <section>
      <h2>{t.account.sessions}</h2>
      <ul class="sessions">
        {sessions.map((session) => (
          <SessionItem view={view} session={session} now={now} />
        ))}
      </ul>
      {sessions.length > 1 && (
        <form method="post" action={paths.revokeSessions}>
          <input type="hidden" name="all" value="1" />
          <button class="quiet">{t.account.endOthers}</button>
        </form>
      )}
    </section>
  )
}

interface SessionItemProps {
  view: View
  session: SessionEntry
  now: number
}

function SessionItem({ view, session, now }: SessionItemProps) {
  const { t, paths, locale } = view
  const { browser, system, current, lastSeenAt } = session
  const known = browser && system ? t.mails.device(browser, system) : (browser ?? system)
  const device = known ?? t.account.unknownDevice
  return (
    <li>
      <span>
        {device}
        {current && ` (${t.account.thisSession})`}
        <span class="hint">{t.account.lastSeen(formatAgo(now - lastSeenAt, locale))}</span>
      </span>
      {!current && (
        <form method="post" action={paths.revokeSessions}>
          <input type="hidden" name="session" value={session.id} />
          <button class="quiet" aria-label={`${t.account.endSession}: ${device}`}>
            {t.account.endSession}
          </button>
        </form>
      )}
    </li>
  )
}
