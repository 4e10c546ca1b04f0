/**
 * Settings: read once, checked together, reported together.
 *
 * `parseConfig` takes what the platform calls its environment and gives either
 * a `Config` or every problem at once, by the setting's name and never by its
 * value. Names are Flask-Mail's where Flask-Mail has one.
 */
import { type EmailAddress, parseAddress } from './account/address.ts'
import { DEFAULT_SALT, type LegacyLinks } from './account/legacy-link.ts'
import type { LimitFigures } from './account/limits.ts'
import {
  type ConfigProblem,
  type Environment,
  parseBoolean,
  SettingReader,
} from './setting-reader.ts'
import { isLocale, type Locale, locales } from '../templates/locales/index.ts'
import { type Color, isColor } from '../templates/parts/contrast.ts'

export interface Config {
  /** Where the service answers: the only source of link hosts, and of the prefix that every URL derives from. */
  publicUrl: URL
  appName: string
  /** Of buttons and links; a shade of it where it could not be read. */
  appColor: Color
  /** A `data:` URL of an image; null for a drawing of ours. */
  appLogo: string | null
  /** The keys that sign links and device cookies, newest first. */
  secretKeys: readonly [string, ...string[]]
  /** How links of the app that accounts were imported from are verified; null when they are not taken. */
  legacyLinks: LegacyLinks | null
  /** How long a mailed link works, in seconds. */
  resetTokenTtl: number
  /** In code points. */
  passwordMinLength: number
  /** The range API that knows breached passwords; null when it is off. */
  pwnedPasswords: URL | null
  registration: 'open' | 'closed'
  /** Stands between `__Host-` and the name of each cookie. */
  cookiePrefix: string
  defaultLocale: Locale
  mail: MailSettings
  /** Who is mailed when the service itself fails. */
  admins: readonly EmailAddress[]
  healthToken: string | null
  limits: LimitFigures
}

export interface MailSettings {
  host: string
  port: number
  tls: 'implicit' | 'starttls' | 'none'
  username?: string
  password?: string
  sender: { address: EmailAddress; name?: string }
}

export type ConfigResult =
  | { ok: true; config: Config }
  | { ok: false; problems: readonly ConfigProblem[] }

/**
 * Reads every setting of the README's table from `env`.
 *
 * @example
 * const result = parseConfig(process.env)
 * if (!result.ok) for (const { name, problem } of result.problems) console.error(`${name}: ${problem}`)
 */
export function parseConfig(env: Environment): ConfigResult {
  const reader = new SettingReader(env)
  const config = {
    publicUrl: readPublicUrl(reader),
    appName: reader.text('APP_NAME') ?? 'Sparekey',
    appColor: readAppColor(reader),
    appLogo: readAppLogo(reader),
    secretKeys: readSecretKeys(reader),
    legacyLinks: readLegacyLinks(reader),
    resetTokenTtl: reader.integer('RESET_TOKEN_TTL', { fallback: 1800, least: 1, most: 24 * 3600 }),
    passwordMinLength: reader.integer('PASSWORD_MIN_LENGTH', { fallback: 15, least: 8, most: 64 }),
    pwnedPasswords: readPwnedPasswords(reader),
    registration: reader.choice('REGISTRATION', ['open', 'closed'], 'open'),
    cookiePrefix: readCookiePrefix(reader),
    defaultLocale: readDefaultLocale(reader),
    mail: readMail(reader),
    admins: readAdmins(reader),
    healthToken: reader.text('HEALTH_TOKEN') ?? null,
    limits: readLimits(reader),
  }
  const { publicUrl, mail } = config
  if (reader.problems.length > 0 || publicUrl === null || mail === null) {
    return { ok: false, problems: reader.problems }
  }
  return { ok: true, config: { ...config, publicUrl, mail } }
}

/** Whether a host can only be this machine, where SMTP without TLS leaves nothing to overhear. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i.test(host)
}

function readPublicUrl(reader: SettingReader): URL | null {
  const text = reader.text('PUBLIC_URL')
  if (text === undefined) {
    return reader.refuse(
      'PUBLIC_URL',
      'is missing: links are made from it, as in https://id.example.com',
    )
  }
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return reader.refuse('PUBLIC_URL', 'is not an http or https URL')
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return reader.refuse('PUBLIC_URL', 'must be https: links carry a secret')
  }
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    return reader.refuse('PUBLIC_URL', 'may have a host and a path, nothing else')
  }
  url.pathname = url.pathname.replace(/\/+$/, '')
  return url
}

const APP_COLOR = '#0f5f66'

function readAppColor(reader: SettingReader): Color {
  const text = reader.text('APP_COLOR') ?? APP_COLOR
  if (isColor(text)) return text
  reader.refuse('APP_COLOR', 'must be a colour of six hexadecimal digits, as in #0f5f66')
  return APP_COLOR
}

/** In characters: a variable of a Worker holds 5 KB, and pages are to stay small. */
const APP_LOGO_MAX = 4 * 1024

/** No URL of elsewhere: pages that carry a token load nothing from other hosts (ASVS 5.0 §14.2.3). */
function readAppLogo(reader: SettingReader): string | null {
  const text = reader.text('APP_LOGO')
  if (text === undefined) return null
  if (!/^data:image\/(?:svg\+xml|png|webp|jpeg|gif)[;,]/.test(text)) {
    return reader.refuse('APP_LOGO', 'must be the data: URL of an SVG, PNG, WebP, JPEG or GIF')
  }
  if (text.length <= APP_LOGO_MAX) return text
  return reader.refuse('APP_LOGO', `must be at most ${APP_LOGO_MAX} characters long`)
}

/** OWASP Cryptographic Storage: an HMAC-SHA-256 key holds 256 bits, so 32 bytes at least (RFC 7518 §3.2). */
const SECRET_KEY_MIN_BYTES = 32

function readSecretKeys(reader: SettingReader): readonly [string, ...string[]] {
  const current = reader.text('SECRET_KEY')
  if (current === undefined) reader.refuse('SECRET_KEY', 'is missing')
  const fallbacks = reader.list('SECRET_KEY_FALLBACKS').map((key) => key.replaceAll('%2C', ','))
  const isShort = (key: string) => new TextEncoder().encode(key).length < SECRET_KEY_MIN_BYTES
  const atLeast = `must be at least ${SECRET_KEY_MIN_BYTES} bytes`
  if (current !== undefined && isShort(current)) reader.refuse('SECRET_KEY', atLeast)
  if (fallbacks.some(isShort)) {
    reader.refuse('SECRET_KEY_FALLBACKS', `every key ${atLeast}; a comma within one is written %2C`)
  }
  if (wellKnownSecrets.has(current ?? '')) reader.refuse('SECRET_KEY', WELL_KNOWN)
  if (fallbacks.some((key) => wellKnownSecrets.has(key))) {
    reader.refuse('SECRET_KEY_FALLBACKS', `a key ${WELL_KNOWN}`)
  }
  return [current ?? '', ...fallbacks]
}

/** Printed in tutorials, so that everybody can sign with them. */
const wellKnownSecrets: ReadonlySet<string> = new Set([
  'secret',
  'you-will-never-guess',
  'hard to guess string',
  '5791628bb0b13ce0c676dfde280ba245',
  '192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf',
])
const WELL_KNOWN = 'is printed in a tutorial: anybody can sign with it'

/** Whoever has a link can try keys on it at home: below 128 bits there is no telling who signed. */
const LEGACY_SECRET_KEY_MIN_BYTES = 16

function readLegacyLinks(reader: SettingReader): LegacyLinks | null {
  const secretKey = reader.text('LEGACY_SECRET_KEY')
  const until = readLegacyUntil(reader, secretKey)
  const salt = reader.text('LEGACY_SALT') ?? DEFAULT_SALT
  const maxAge = reader.integer('LEGACY_MAX_AGE', { fallback: 1800, least: 1, most: 24 * 3600 })
  if (secretKey === undefined) return null
  if (wellKnownSecrets.has(secretKey)) return reader.refuse('LEGACY_SECRET_KEY', WELL_KNOWN)
  if (new TextEncoder().encode(secretKey).length < LEGACY_SECRET_KEY_MIN_BYTES) {
    const problem = `must be at least ${LEGACY_SECRET_KEY_MIN_BYTES} bytes`
    return reader.refuse('LEGACY_SECRET_KEY', problem)
  }
  return until === null ? null : { secretKey, until, salt, maxAge }
}

/** The end of the day that is named, in UTC, as Unix seconds. */
function readLegacyUntil(reader: SettingReader, secretKey: string | undefined): number | null {
  const day = reader.text('LEGACY_UNTIL')
  if (day === undefined && secretKey === undefined) return null
  if (day === undefined) {
    const problem = 'is missing beside LEGACY_SECRET_KEY: the last day on which old links work'
    return reader.refuse('LEGACY_UNTIL', problem)
  }
  const start = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(day) : NaN
  const isDay = !Number.isNaN(start) && new Date(start).toISOString().startsWith(day)
  return isDay
    ? start / 1000 + 24 * 3600
    : reader.refuse('LEGACY_UNTIL', 'must be a day, as in 2026-12-31')
}

const PWNED_PASSWORDS_API = 'https://api.pwnedpasswords.com/range/'

function readPwnedPasswords(reader: SettingReader): URL | null {
  const text = reader.text('PWNED_PASSWORDS') ?? 'on'
  const known = parseBoolean(text)
  if (known !== undefined) return known ? new URL(PWNED_PASSWORDS_API) : null
  const url = URL.parse(text.endsWith('/') ? text : `${text}/`)
  if (url?.protocol === 'https:') return url
  if (url?.protocol === 'http:' && isLoopback(url.hostname)) return url
  return reader.refuse('PWNED_PASSWORDS', 'must be on, off or the https URL of a range API')
}

function readCookiePrefix(reader: SettingReader): string {
  const prefix = reader.text('COOKIE_PREFIX') ?? ''
  if (/^[A-Za-z0-9_-]{0,32}$/.test(prefix)) return prefix
  reader.refuse('COOKIE_PREFIX', 'must be at most 32 letters, digits, - and _, as in accounts-')
  return ''
}

function readDefaultLocale(reader: SettingReader): Locale {
  const text = reader.text('DEFAULT_LOCALE') ?? 'en'
  if (isLocale(text)) return text
  reader.refuse('DEFAULT_LOCALE', `must be one of ${locales.join(', ')}`)
  return 'en'
}

function readAdmins(reader: SettingReader): EmailAddress[] {
  const parsed = reader.list('ADMINS').map(parseAddress)
  const addresses = parsed.filter((address) => address !== null)
  if (addresses.length < parsed.length) {
    reader.refuse('ADMINS', 'must be email addresses with commas between them')
  }
  return addresses
}

function readMail(reader: SettingReader): MailSettings | null {
  const host = reader.text('MAIL_SERVER')
  if (host === undefined)
    reader.refuse('MAIL_SERVER', 'is missing: the host name of your SMTP server')
  const tls = readMailTls(reader, host)
  const port = reader.integer('MAIL_PORT', {
    fallback: tls === 'implicit' ? 465 : 587,
    least: 1,
    most: 65535,
  })
  const credentials = readMailCredentials(reader)
  const sender = readSender(reader, credentials.username)
  return host === undefined || sender === null ? null : { host, port, tls, ...credentials, sender }
}

function readMailTls(reader: SettingReader, host: string | undefined): MailSettings['tls'] {
  const starttls = reader.boolean('MAIL_USE_TLS')
  const implicit = reader.boolean('MAIL_USE_SSL')
  if (starttls && implicit) {
    reader.refuse('MAIL_USE_SSL', 'cannot go with MAIL_USE_TLS: TLS starts by STARTTLS or at once')
  }
  if (!starttls && !implicit && host !== undefined && !isLoopback(host)) {
    reader.refuse(
      'MAIL_USE_TLS',
      'or MAIL_USE_SSL must be on: mail without TLS goes to this machine only',
    )
  }
  if (implicit) return 'implicit'
  return starttls ? 'starttls' : 'none'
}

function readMailCredentials(reader: SettingReader): { username?: string; password?: string } {
  const username = reader.text('MAIL_USERNAME') ?? reader.text('EMAIL_USER')
  const password = reader.text('MAIL_PASSWORD') ?? reader.text('EMAIL_PASS')
  if (username === undefined && password === undefined) return {}
  if (username === undefined) reader.refuse('MAIL_USERNAME', 'is missing beside MAIL_PASSWORD')
  if (password === undefined) reader.refuse('MAIL_PASSWORD', 'is missing beside MAIL_USERNAME')
  return username === undefined || password === undefined ? {} : { username, password }
}

/** An address, or a name and an address in angle brackets. */
function readSender(
  reader: SettingReader,
  username: string | undefined,
): MailSettings['sender'] | null {
  const text = reader.text('MAIL_DEFAULT_SENDER') ?? username
  if (text === undefined)
    return reader.refuse('MAIL_DEFAULT_SENDER', 'is missing: who mail comes from')
  const named = /^(?<name>[^<>]*)<(?<address>[^<>]+)>$/.exec(text)
  const address = parseAddress(named?.groups?.['address'] ?? text)
  if (address === null) return reader.refuse('MAIL_DEFAULT_SENDER', 'is not an email address')
  const name = named?.groups?.['name']?.trim().replace(/^"(.*)"$/, '$1') ?? ''
  return name === '' ? { address } : { address, name }
}

function readLimits(reader: SettingReader): LimitFigures {
  return {
    ask: reader.quota('LIMIT_ASK', { count: 30, seconds: 600 }),
    link: reader.quota('LIMIT_LINK', { count: 60, seconds: 600 }),
    login: reader.quota('LIMIT_LOGIN', { count: 60, seconds: 600 }),
    password: reader.quota('LIMIT_PASSWORD', { count: 10, seconds: 900 }),
    mail: reader.integer('LIMIT_MAIL', { fallback: 3, least: 1 }),
    mailTotal: reader.integer('LIMIT_MAIL_TOTAL', { fallback: 0, least: 0 }) || null,
  }
}
