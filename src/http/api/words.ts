/**
 * What is wrong with a value, in the words that the pages have for it.
 */
import { PASSWORD_MAX_LENGTH } from '../../account/password-policy.ts'
import type { Words } from '../../../templates/locales/index.ts'
import type { AppContext } from '../context.ts'
import type { FieldError } from './problem.ts'

/** One refused value, described in the language that the request asks for. */
export function describeProblem(c: AppContext, field: string, reason: string): FieldError {
  const { view, services } = c.var
  const detail = wordsFor(view.t.problems, field, reason, services.config.passwordMinLength)
  return { field, reason, ...(detail !== undefined && { detail }) }
}

function wordsFor(
  words: Words['problems'],
  field: string,
  reason: string,
  minLength: number,
): string | undefined {
  if (field === 'email') return reason === 'missing' ? words.emailMissing : words.email
  if (field === 'username') return lookUp(words.username, reason)
  if (field === 'token') return undefined
  if (reason === 'too-short') return words.password['too-short'](minLength)
  if (reason === 'too-long') return words.password['too-long'](PASSWORD_MAX_LENGTH)
  return lookUp(words.password, reason)
}

function lookUp(texts: Record<string, unknown>, reason: string): string | undefined {
  const text = texts[reason]
  return typeof text === 'string' ? text : undefined
}
