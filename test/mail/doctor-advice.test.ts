import { describe, expect, test } from 'vitest'
import { parseAddress } from '../../src/account/address.ts'
import type { MailSettings } from '../../src/config.ts'
import { adviseOn } from '../../src/mail/doctor-advice.ts'
import { parseReply } from '../../src/mail/smtp/reply.ts'
import { refused, SmtpError } from '../../src/mail/smtp/smtp-error.ts'

const wrongPassword = refused('AUTH', parseReply(['535 5.7.8 Bad credentials']))

describe('a refused log-in', () => {
  test.for([
    ['smtp.gmail.com', /app password.*myaccount\.google\.com/],
    ['smtp-relay.gmail.com', /app password/],
    ['smtp.office365.com', /Authenticated SMTP/],
    ['smtp.mail.yahoo.com', /app-specific password/],
    ['smtp.mail.me.com', /app-specific password/],
    ['smtp.fastmail.com', /app password/],
    ['smtp.zoho.eu', /app password/],
    ['smtp.sendgrid.net', /apikey/],
    ['smtp.resend.com', /word resend/],
    ['email-smtp.eu-central-1.amazonaws.com', /SMTP credentials of its own/],
    ['smtp.postmarkapp.com', /server token/],
    ['smtp-relay.brevo.com', /SMTP key/],
  ] as const)('at %s gets the hint for that provider', ([host, hint]) => {
    expect(adviseOn('login', { error: wrongPassword, settings: settings(host) })).toMatch(hint)
  })

  test.for(['notgmail.com', 'gmail.com.example.test', 'mail.example.test'])(
    'at %s gets no hint of somebody else',
    (host) => {
      const advice = adviseOn('login', { error: wrongPassword, settings: settings(host) })
      expect(advice).toBe('Check MAIL_USERNAME and MAIL_PASSWORD with your provider')
    },
  )
})

test('a silent port is told to try TLS from the first byte, unless it did', () => {
  const error = new SmtpError('greeting', 'silent', { detail: 'no answer' })
  const plain = settings('mail.example.test')
  expect(adviseOn('greeting', { error, settings: plain })).toMatch(/MAIL_USE_SSL/)
  const implicit = { ...plain, tls: 'implicit' } as const
  expect(adviseOn('greeting', { error, settings: implicit })).not.toMatch(/MAIL_USE_SSL/)
})

function settings(host: string): MailSettings {
  const address = parseAddress('no-reply@id.example.test')
  if (address === null) throw new RangeError('Not an address')
  return { host, port: 587, tls: 'starttls', username: 'mailer', sender: { address } }
}
