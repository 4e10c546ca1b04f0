import { answerHeaders } from './answers.ts'

/** What strangers see while the settings are wrong: nothing that tells which. */
export function misconfigured(): Response {
  return new Response('Not available right now.\n', {
    status: 503,
    headers: {
      ...answerHeaders,
      'Content-Security-Policy': `default-src 'none'; base-uri 'none'; frame-ancestors 'none'`,
      'Content-Type': 'text/plain; charset=utf-8',
      'Retry-After': '60',
    },
  })
}
