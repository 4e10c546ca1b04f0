/**
 * The pages by name, for an app that brings some of its own; and what ours are
 * made of, so that an own page can look and read like the rest.
 */
import type { JSX } from 'hono/jsx/jsx-runtime'
import { AccountPage, type AccountPageProps } from './account.tsx'
import {
  AskResetPage,
  type AskResetPageProps,
  DeadLinkPage,
  type DeadLinkPageProps,
  RegisterPage,
  type RegisterPageProps,
  SentPage,
  type SentPageProps,
} from './ask.tsx'
import { ErrorPage, type ErrorPageProps } from './error.tsx'
import {
  ConfirmRegistrationPage,
  type ConfirmRegistrationPageProps,
  HasAccountPage,
  type HasAccountPageProps,
  NewPasswordPage,
  type NewPasswordPageProps,
} from './link.tsx'
import { LoginPage, type LoginPageProps } from './login.tsx'

/**
 * A function of its props alone: what says the same to everybody is rendered
 * once for each language and kept. It returns JSX or html`…` of Hono, or
 * `raw(text)` with the text of another template engine.
 */
export type Page<Props> = (props: Props) => JSX.Element

/** Everything that people see in a browser, each with all that it may have to say. */
export interface Pages {
  login: Page<LoginPageProps>
  askReset: Page<AskResetPageProps>
  register: Page<RegisterPageProps>
  /** After an ask, for every address alike. */
  sent: Page<SentPageProps>
  /** Behind a link that is used, too old or wrong. */
  deadLink: Page<DeadLinkPageProps>
  newPassword: Page<NewPasswordPageProps>
  confirmRegistration: Page<ConfirmRegistrationPageProps>
  hasAccount: Page<HasAccountPageProps>
  account: Page<AccountPageProps>
  /** Every refusal that is not about a field, "not found" among them. */
  error: Page<ErrorPageProps>
}

/** Ours. */
export const pages: Pages = {
  login: LoginPage,
  askReset: AskResetPage,
  register: RegisterPage,
  sent: SentPage,
  deadLink: DeadLinkPage,
  newPassword: NewPasswordPage,
  confirmRegistration: ConfirmRegistrationPage,
  hasAccount: HasAccountPage,
  account: AccountPage,
  error: ErrorPage,
}

export type {
  AccountPageProps,
  AskResetPageProps,
  ConfirmRegistrationPageProps,
  DeadLinkPageProps,
  ErrorPageProps,
  HasAccountPageProps,
  LoginPageProps,
  NewPasswordPageProps,
  RegisterPageProps,
  SentPageProps,
}
export type { SessionEntry } from './account.tsx'
export type { AddressProblem } from './ask.tsx'
export type { ErrorKind } from './error.tsx'
export * from '../parts/fields.tsx'
export { Layout, type LayoutProps } from '../parts/layout.tsx'
export { PasswordFields, type PasswordFieldsProblem } from '../parts/password-fields.tsx'
export type { Paths, View } from '../view.ts'
