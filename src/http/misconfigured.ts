import { bareAnswerHeaders } from './answers.ts'
import { problems } from './api/problem.ts'
import type { Answer } from './api/schemas.ts'

/** What strangers see while the settings are wrong: nothing that tells which. */
export function misconfigured(request: Request): Response {
  return isForApi(request)
    ? unavailable(JSON.stringify(problem), 'application/problem+json')
    : unavailable('Not available right now.\n', 'text/plain; charset=utf-8')
}

/** Nobody knows the prefix while `PUBLIC_URL` may be what is wrong. */
function isForApi({ url }: Request): boolean {
  return new URL(url).pathname.includes('/api/v1/')
}

const { status, title } = problems.unavailable

/** RFC 9457 §4.2.1: without a base for URLs there is no type to name. */
const problem: Answer<'Problem'> = { type: 'about:blank', title, status, reason: 'unavailable' }

function unavailable(body: string, type: string): Response {
  return new Response(body, {
    status,
    headers: {
      ...bareAnswerHeaders,
      'Content-Type': type,
      'Retry-After': '60',
    },
  })
}
