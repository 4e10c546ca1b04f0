/** What every answer carries, whatever it answers (ASVS 5.0 §3.4, §14.3.2). */
import { expect } from 'vitest'

const fixed = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), publickey-credentials-get=()',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
}

/** Of a page or of JSON; `body` is empty or null where there is none. */
export function expectSafe({ headers, body }: { headers: Headers; body: unknown }): void {
  expect(Object.fromEntries(headers)).toMatchObject(fixed)
  expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  const policy = headers.get('Content-Security-Policy') ?? ''
  expect(policy).toMatch(/default-src 'none'/)
  expect(policy).toMatch(/base-uri 'none'/)
  expect(policy).toMatch(/frame-ancestors 'none'/)
  expect(policy).not.toMatch(/unsafe|\*|https?:/)
  if (body === '' || body === null) return
  expect(headers.get('Content-Type')).toMatch(
    /^(?:text\/(?:html|plain); charset=utf-8|application\/(?:problem\+)?json)/i,
  )
}
