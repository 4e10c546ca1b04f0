/**
 * Every way a request to the JSON API can fail ends here, as a problem document.
 */
import { createPaths } from '../../paths.ts'
import type { AppContext } from '../context.ts'
import { noteFailure, toRefusal } from '../handlers/errors.tsx'
import { formatDuration } from '../../../templates/locales/format.ts'
import { Problem, type ProblemReason, problems } from './problem.ts'
import type { Answer } from './schemas.ts'

export function notFound(c: AppContext) {
  return answerProblem(c, new Problem('not-found'))
}

/** RFC 9110 §15.5.6: says which methods there are. */
export function wrongMethod(methods: readonly string[]) {
  return function wrongMethod(c: AppContext) {
    c.header('Allow', methods.join(', '))
    return answerProblem(c, new Problem('wrong-method'))
  }
}

export async function onError(error: Error, c: AppContext) {
  const problem = toProblem(error)
  await noteFailure(c, error, problem.reason)
  return answerProblem(c, problem)
}

function toProblem(error: Error): Problem {
  if (error instanceof Problem) return error
  const { kind, retryAfter } = toRefusal(error)
  return new Problem(kind, { retryAfter, cause: error })
}

function answerProblem(c: AppContext, { reason, facts }: Problem) {
  const { status, title } = problems[reason]
  const { errors, retryAfter } = facts
  const detail = facts.detail ?? wordsFor(c, reason, retryAfter)
  if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter))
  // RFC 9110 §15.5.2 wants a challenge beside every 401.
  if (status === 401) c.header('WWW-Authenticate', 'Bearer')
  const { api } = createPaths(c.var.services.config.publicUrl).absolute
  const body: Answer<'Problem'> = {
    type: `${api}/openapi.json#/x-problems/${reason}`,
    ...{ title, status, reason },
    ...(detail !== undefined && { detail }),
    ...(errors && { errors: errors.map((each) => ({ ...each, pointer: `#/${each.field}` })) }),
  }
  return c.json(body, status, { 'Content-Type': 'application/problem+json' })
}

/** What an app may show to the person as it is. */
function wordsFor(c: AppContext, reason: ProblemReason, retryAfter = 60): string | undefined {
  const { t, locale } = c.var.view
  const words: Partial<Record<ProblemReason, string>> = {
    'wrong-credentials': t.login.wrong,
    'wrong-password': t.problems.currentPassword,
    'has-account': t.register.hasAccount,
    'registration-closed': t.register.closed,
    throttled: t.errors.throttled.lead(formatDuration(retryAfter, locale)),
  }
  return words[reason]
}
