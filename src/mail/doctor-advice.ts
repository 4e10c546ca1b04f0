/**
 * What to do about a failed step of the doctor, in words for whoever sets the
 * service up: from the error's facts, the settings, and what large providers
 * are known to want.
 */
import type { MailSettings } from '../config.ts'
import type { StepName } from './doctor.ts'
import type { SmtpError } from './smtp/smtp-error.ts'

export interface Case {
  error: SmtpError
  settings: MailSettings
}

/** One sentence or two: what to check, and which setting to change. */
export function adviseOn(step: StepName, found: Case): string {
  return ADVISERS[step](found)
}

const ADVISERS: Record<StepName, (found: Case) => string> = {
  settings: () => 'Set them in the environment or in .dev.vars',
  name: () => 'Check how MAIL_SERVER is spelled',
  port: () =>
    'Check MAIL_PORT: 587 with MAIL_USE_TLS, or 465 with MAIL_USE_SSL. Port 25 is blocked on Cloudflare and in most other places',
  greeting: adviseOnGreeting,
  tls: adviseOnTls,
  mechanisms: ({ settings }) =>
    settings.tls === 'none'
      ? 'Unset MAIL_USERNAME and MAIL_PASSWORD if this server needs no log-in'
      : 'Use the port for submission (587 or 465); unset MAIL_USERNAME and MAIL_PASSWORD if this server needs no log-in',
  login: ({ settings }) =>
    providerHint(settings.host) ?? 'Check MAIL_USERNAME and MAIL_PASSWORD with your provider',
  sender: adviseOnSender,
  recipient: adviseOnRecipient,
  message: () =>
    'The server refused the mail itself: its words above name the rule; often SPF or DKIM of the sender is missing',
}

function adviseOnGreeting({ error, settings }: Case): string {
  if (error.trouble === 'silent' && settings.tls !== 'implicit') {
    return 'A silent port often expects TLS from the first byte: try MAIL_USE_SSL, which means port 465'
  }
  if (error.trouble === 'malformed') {
    return 'What answers there is no mail server: check MAIL_SERVER and MAIL_PORT'
  }
  return 'The server turns this machine away: ask its operator, or try another network'
}

/** By the `code` of Node's TLS errors. */
const TLS_ADVICE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "The server's certificate has expired: its operator has to renew it",
  ERR_TLS_CERT_ALTNAME_INVALID:
    'The certificate is for another name: put the name that it is for into MAIL_SERVER',
  ERR_SSL_WRONG_VERSION_NUMBER:
    'This port does not speak TLS from the first byte: try MAIL_USE_TLS, which means port 587',
  EPROTO:
    'This port does not speak TLS from the first byte: try MAIL_USE_TLS, which means port 587',
}

function adviseOnTls({ error }: Case): string {
  if (error.trouble === 'insecure') {
    return 'Try MAIL_USE_SSL, which means port 465; mail and password are never sent in clear'
  }
  return (
    TLS_ADVICE[codeOf(error.cause)] ??
    'This machine does not trust the certificate. Workers trust public authorities only; locally NODE_EXTRA_CA_CERTS can name another'
  )
}

function adviseOnSender({ error, settings }: Case): string {
  if (error.code === 530 && settings.username === undefined) {
    return 'The server wants a log-in: set MAIL_USERNAME and MAIL_PASSWORD'
  }
  return 'MAIL_DEFAULT_SENDER has to be an address that this account may send from'
}

function adviseOnRecipient({ error }: Case): string {
  if (error.trouble === 'unsupported') return 'Try an address in ASCII: --to you@example.com'
  if (!error.permanent) return 'Try again in a few minutes: servers put strangers off (greylisting)'
  return 'Try another recipient (--to you@example.com); new accounts may often mail to verified addresses only'
}

const PROVIDERS: readonly { host: RegExp; hint: string }[] = [
  {
    host: /(?:^|\.)(?:gmail|google|googlemail)\.com$/i,
    hint: 'Gmail wants an app password: turn 2-step verification on, then make one at https://myaccount.google.com/apppasswords',
  },
  {
    host: /(?:^|\.)(?:office365|outlook)\.com$/i,
    hint: 'Microsoft 365 has "Authenticated SMTP" off for new mailboxes: turn it on for this one in the admin center',
  },
  {
    host: /(?:^|\.)mail\.(?:yahoo|me|icloud)\.com$/i,
    hint: 'Yahoo and iCloud want an app-specific password from the security page of the account',
  },
  {
    host: /(?:^|\.)(?:fastmail|messagingengine)\.com$|(?:^|\.)zoho\.\w+$/i,
    hint: 'Fastmail and Zoho want an app password from the security settings of the account',
  },
  {
    host: /(?:^|\.)sendgrid\.net$/i,
    hint: 'SendGrid wants the word apikey as MAIL_USERNAME and the key itself as MAIL_PASSWORD',
  },
  {
    host: /(?:^|\.)resend\.com$/i,
    hint: 'Resend wants the word resend as MAIL_USERNAME and an API key as MAIL_PASSWORD',
  },
  {
    host: /(?:^|\.)amazonaws\.com$/i,
    hint: 'Amazon SES wants SMTP credentials of its own: an access key does not work',
  },
  {
    host: /(?:^|\.)postmarkapp\.com$/i,
    hint: 'Postmark wants the server token as both MAIL_USERNAME and MAIL_PASSWORD',
  },
  {
    host: /(?:^|\.)(?:brevo|sendinblue)\.com$/i,
    hint: 'Brevo wants an SMTP key as MAIL_PASSWORD, not the password of the account',
  },
]

function providerHint(hostName: string): string | undefined {
  return PROVIDERS.find(({ host }) => host.test(hostName))?.hint
}

function codeOf(cause: unknown): string {
  if (!(cause instanceof Error) || !('code' in cause)) return ''
  return String(cause.code)
}
