/**
 * What every answer carries: nothing may frame, cache, sniff or follow what an
 * account or a token is part of (ASVS 5.0 §3.4, §14.3.2).
 */
import type { MiddlewareHandler } from 'hono'
import { toBase64 } from '../account/encoding.ts'
import { inlineScript } from '../../templates/parts/layout.tsx'
import type { AppEnv } from './context.ts'

/**
 * Set before the answer is made, which then begins with them: on an answer that is
 * there already, Hono makes another one for every header.
 */
export function secureAnswers(): MiddlewareHandler<AppEnv> {
  let policy: string | undefined
  return async function secureAnswers(c, next) {
    policy ??= await contentSecurityPolicy(c.get('view').brand.style)
    c.header('Content-Security-Policy', policy)
    for (const [name, value] of securityHeaders) c.header(name, value)
    await next()
  }
}

export const answerHeaders = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), publickey-credentials-get=()',
  'Referrer-Policy': 'no-referrer',
  // Two years, as the preload list asks; ASVS 5.0 §3.4.1 asks for one.
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'X-Robots-Tag': 'noindex, nofollow',
}

/** For answers that show nothing: not even a style is allowed. */
export const bareAnswerHeaders = {
  ...answerHeaders,
  'Content-Security-Policy': `default-src 'none'; base-uri 'none'; frame-ancestors 'none'`,
}

const securityHeaders = Object.entries(answerHeaders)

/** The page's own style and script are allowed by their hashes, nothing else at all. */
async function contentSecurityPolicy(inlineStyle: string): Promise<string> {
  const [style, script] = await Promise.all([hashOf(inlineStyle), hashOf(inlineScript)])
  return [
    `default-src 'none'`,
    `style-src '${style}'`,
    `script-src '${script}'`,
    `img-src data:`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ')
}

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const base64 = toBase64(new Uint8Array(digest))
  return `sha256-${base64.padEnd(Math.ceil(base64.length / 4) * 4, '=')}`
}
