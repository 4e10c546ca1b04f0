/** Every mail, with what it might be about. */
import type { MailContent } from '../mails/index.ts'

export interface GalleryMail {
  mail: MailContent['kind']
  content: MailContent
}

/** As long as links get: a token has up to 200 characters. */
const token = `${'eyJhbGciOiJIUzI1NiIsImtpZCI6InhxWTQifQ'.padEnd(200, 'Jw3Rk_b-')}`
const device = { browser: 'Safari', system: 'iOS' }
const resetUrl = 'https://id.example.com/reset_password'
const ttl = 30 * 60

export function galleryMails(): GalleryMail[] {
  const contents: MailContent[] = [
    { kind: 'reset', url: `${resetUrl}/${token}`, ttl, device },
    { kind: 'register', url: `https://id.example.com/register/${token}`, ttl, device },
    { kind: 'has-account', resetUrl, device },
    { kind: 'password-changed', at: 1_800_000_000, resetUrl, device },
    { kind: 'error-report', detail: 'POST /login failed: Error: D1_ERROR: database is away' },
    { kind: 'test' },
  ]
  return contents.map((content) => ({ mail: content.kind, content }))
}
