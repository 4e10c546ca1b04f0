import type { View } from '../view.ts'
import { PasswordField } from './fields.tsx'

/** In code points; kept here as the figure that people are told. */
const MOST = 256

export type PasswordFieldsProblem =
  | 'missing'
  | 'too-short'
  | 'too-long'
  | 'common'
  | 'personal'
  | 'breached'
  | 'mismatch'

export interface PasswordFieldsProps {
  view: View
  minLength: number
  problem?: PasswordFieldsProblem | undefined
  autofocus?: boolean
}

/** A new password, twice. What was typed is never sent back. */
export function PasswordFields({ view, minLength, problem, autofocus }: PasswordFieldsProps) {
  const { t } = view
  const { remaining, enough, same, different } = t.typing
  return (
    <>
      <PasswordField
        view={view}
        name="password"
        label={t.common.newPassword}
        hint={t.common.passwordHint(minLength)}
        autocomplete="new-password"
        problem={problem && problem !== 'mismatch' ? describe(view, problem, minLength) : undefined}
        autofocus={autofocus && problem !== 'mismatch'}
        data={{
          'data-least': minLength,
          'data-remaining': JSON.stringify(remaining),
          'data-enough': enough,
        }}
      />
      <PasswordField
        view={view}
        name="confirm_password"
        label={t.common.confirmPassword}
        autocomplete="new-password"
        problem={problem === 'mismatch' ? t.problems.mismatch : undefined}
        autofocus={problem === 'mismatch'}
        data={{ 'data-same': same, 'data-different': different }}
      />
    </>
  )
}

function describe(
  { t }: View,
  problem: Exclude<PasswordFieldsProblem, 'mismatch'>,
  minLength: number,
) {
  if (problem === 'too-short') return t.problems.password['too-short'](minLength)
  if (problem === 'too-long') return t.problems.password['too-long'](MOST)
  return t.problems.password[problem]
}
