import { describe, expect, test } from 'vitest'
import { type Config, parseConfig } from '../src/config.ts'
import type { Environment } from '../src/setting-reader.ts'

const least = {
  PUBLIC_URL: 'https://id.example.com',
  SECRET_KEY: 'a test key that is at least 32 bytes long',
  MAIL_SERVER: 'smtp.example.com',
  MAIL_USE_TLS: 'true',
  MAIL_DEFAULT_SENDER: 'id@example.com',
} satisfies Environment

/** The settings; throws with the problems when there are any. */
function configOf(env: Environment): Config {
  const result = parseConfig({ ...least, ...env })
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.config
}

function problemsOf(env: Environment): readonly { name: string; problem: string }[] {
  const result = parseConfig({ ...least, ...env })
  return result.ok ? [] : result.problems
}

test('five settings are enough, and the rest is as the design says', () => {
  expect(configOf({})).toMatchObject({
    appName: 'Sparekey',
    secretKeys: [least.SECRET_KEY],
    resetTokenTtl: 1800,
    passwordMinLength: 15,
    registration: 'open',
    cookiePrefix: '',
    defaultLocale: 'en',
    admins: [],
    healthToken: null,
    mail: { host: 'smtp.example.com', port: 587, tls: 'starttls' },
    limits: {
      ask: { count: 30, seconds: 600 },
      link: { count: 60, seconds: 600 },
      login: { count: 60, seconds: 600 },
      password: { count: 10, seconds: 900 },
      mail: 3,
      mailTotal: null,
    },
  })
  expect(configOf({}).pwnedPasswords?.href).toBe('https://api.pwnedpasswords.com/range/')
})

test('nothing set at all names everything that is missing, at once', () => {
  const result = parseConfig({})
  const names = result.ok ? [] : result.problems.map(({ name }) => name)
  expect(names).toEqual(
    expect.arrayContaining(['PUBLIC_URL', 'SECRET_KEY', 'MAIL_SERVER', 'MAIL_DEFAULT_SENDER']),
  )
})

test('every problem is reported at once, by name and never by value', () => {
  const values = {
    PUBLIC_URL: 'ftp://hunter2.example.com',
    SECRET_KEY: 'hunter2',
    SECRET_KEY_FALLBACKS: `${least.SECRET_KEY},hunter2`,
    MAIL_PORT: 'hunter2',
    MAIL_USE_TLS: 'hunter2',
    MAIL_USE_SSL: 'hunter2',
    MAIL_USERNAME: 'hunter2',
    MAIL_DEFAULT_SENDER: 'hunter2',
    ADMINS: 'ops@example.com, hunter2',
    RESET_TOKEN_TTL: 'hunter2',
    PASSWORD_MIN_LENGTH: 'hunter2',
    PWNED_PASSWORDS: 'hunter2',
    REGISTRATION: 'hunter2',
    COOKIE_PREFIX: 'hunter2;',
    DEFAULT_LOCALE: 'hunter2',
    LIMIT_ASK: 'hunter2',
    LIMIT_LINK: 'hunter2',
    LIMIT_LOGIN: 'hunter2',
    LIMIT_PASSWORD: 'hunter2',
    LIMIT_MAIL: 'hunter2',
    LIMIT_MAIL_TOTAL: 'hunter2',
  }
  const problems = problemsOf(values)
  const expected = Object.keys(values).filter((name) => name !== 'MAIL_USERNAME')
  expect([...new Set(problems.map(({ name }) => name))].sort()).toEqual(
    [...expected, 'MAIL_PASSWORD'].sort(),
  )
  expect(JSON.stringify(problems)).not.toContain('hunter2')
})

describe('PUBLIC_URL', () => {
  test.each([
    ['https://id.example.com', 'https://id.example.com/'],
    ['https://example.com/account/', 'https://example.com/account'],
    ['http://localhost:8787', 'http://localhost:8787/'],
    ['http://127.0.0.1:8787', 'http://127.0.0.1:8787/'],
    ['http://[::1]:8787', 'http://[::1]:8787/'],
  ])('%s is taken', (text, href) => {
    expect(configOf({ PUBLIC_URL: text }).publicUrl.href).toBe(href)
  })

  test.each([
    'http://id.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'https://user:pass@id.example.com',
    'https://id.example.com/?x=1',
    'https://id.example.com/#x',
    'javascript:alert(1)',
    'id.example.com',
    '//id.example.com',
    'https://',
    '  ',
  ])('%s is refused', (text) => {
    expect(problemsOf({ PUBLIC_URL: text }).map(({ name }) => name)).toEqual(['PUBLIC_URL'])
  })
})

describe('SECRET_KEY', () => {
  test('31 bytes are refused, 32 are taken', () => {
    expect(problemsOf({ SECRET_KEY: 'x'.repeat(31) })).toHaveLength(1)
    expect(problemsOf({ SECRET_KEY: 'x'.repeat(32) })).toHaveLength(0)
  })

  test('what counts is bytes, not characters', () => {
    expect(problemsOf({ SECRET_KEY: 'é'.repeat(16) })).toHaveLength(0)
  })

  test('older keys are kept behind the new one, and are as long', () => {
    const older = [
      'an older key that is at least 32 bytes',
      'an even older key, also at least 32 bytes',
    ]
    const { secretKeys } = configOf({ SECRET_KEY_FALLBACKS: ` ${older[0]} ` })
    expect(secretKeys).toEqual([least.SECRET_KEY, older[0]])
    expect(problemsOf({ SECRET_KEY_FALLBACKS: 'short' })).toMatchObject([
      { name: 'SECRET_KEY_FALLBACKS' },
    ])
  })

  test('a key with a comma goes among the older ones as %2C, and a refusal says so', () => {
    const old = 'half of a key of 32 bytes,the other half of it'
    expect(configOf({ SECRET_KEY: old }).secretKeys).toEqual([old])
    const { secretKeys } = configOf({ SECRET_KEY_FALLBACKS: old.replace(',', '%2C') })
    expect(secretKeys).toEqual([least.SECRET_KEY, old])
    const [problem] = problemsOf({ SECRET_KEY_FALLBACKS: old })
    expect(problem).toMatchObject({
      name: 'SECRET_KEY_FALLBACKS',
      problem: expect.stringContaining('a comma within one is written %2C'),
    })
  })

  test.each(['SECRET_KEY', 'SECRET_KEY_FALLBACKS'])(
    'one that a tutorial prints is refused as %s, long as it may be',
    (name) => {
      const printed = { [name]: '5791628bb0b13ce0c676dfde280ba245' }
      expect(problemsOf(printed)).toMatchObject([{ name }])
    },
  )
})

describe('mail', () => {
  test.each([
    [
      { MAIL_USE_SSL: '1', MAIL_USE_TLS: '' },
      { port: 465, tls: 'implicit' },
    ],
    [{ MAIL_USE_TLS: 'YES' }, { port: 587, tls: 'starttls' }],
    [
      { MAIL_USE_TLS: '', MAIL_SERVER: 'localhost', MAIL_PORT: '1025' },
      { port: 1025, tls: 'none' },
    ],
    [
      { MAIL_USERNAME: 'u', MAIL_PASSWORD: 'p' },
      { username: 'u', password: 'p' },
    ],
    [
      { EMAIL_USER: 'u', EMAIL_PASS: 'p' },
      { username: 'u', password: 'p' },
    ],
    [
      { MAIL_USERNAME: 'u', MAIL_PASSWORD: 'p', EMAIL_USER: 'x', EMAIL_PASS: 'y' },
      { username: 'u', password: 'p' },
    ],
  ])('%j', (env, mail) => {
    expect(configOf(env).mail).toMatchObject(mail)
  })

  test('a sender may have a name, and is the user name when nobody says', () => {
    const named = configOf({ MAIL_DEFAULT_SENDER: '"Example Ltd" <id@example.com>' }).mail.sender
    expect(named).toMatchObject({ name: 'Example Ltd', address: { mailbox: 'id@example.com' } })
    const env = { MAIL_DEFAULT_SENDER: '', MAIL_USERNAME: 'id@example.com', MAIL_PASSWORD: 'p' }
    expect(configOf(env).mail.sender.address.mailbox).toBe('id@example.com')
  })

  test.each([
    [{ MAIL_USE_TLS: '1', MAIL_USE_SSL: '1' }, 'MAIL_USE_SSL'],
    [{ MAIL_USE_TLS: '0' }, 'MAIL_USE_TLS'],
    [{ MAIL_USERNAME: 'u' }, 'MAIL_PASSWORD'],
    [{ MAIL_PASSWORD: 'p' }, 'MAIL_USERNAME'],
    [{ MAIL_PORT: '0' }, 'MAIL_PORT'],
    [{ MAIL_PORT: '65536' }, 'MAIL_PORT'],
    [{ MAIL_DEFAULT_SENDER: 'A <a@example.com>\r\nBcc: b@example.com' }, 'MAIL_DEFAULT_SENDER'],
    [{ MAIL_DEFAULT_SENDER: 'a@example.com, b@example.com' }, 'MAIL_DEFAULT_SENDER'],
    [{ ADMINS: 'ops' }, 'ADMINS'],
  ])('%j is refused', (env, name) => {
    expect(problemsOf(env).map((problem) => problem.name)).toContain(name)
  })

  test('those who are told of failures are a list', () => {
    const { admins } = configOf({ ADMINS: 'ops@example.com, dev@example.com,' })
    expect(admins.map(({ key }) => key)).toEqual(['ops@example.com', 'dev@example.com'])
  })
})

describe('figures', () => {
  test.each([
    [{ RESET_TOKEN_TTL: '1' }, { resetTokenTtl: 1 }],
    [{ PASSWORD_MIN_LENGTH: '8' }, { passwordMinLength: 8 }],
    [{ LIMIT_ASK: '5' }, { limits: { ask: { count: 5, seconds: 600 } } }],
    [{ LIMIT_PASSWORD: '5/60' }, { limits: { password: { count: 5, seconds: 60 } } }],
    [{ LIMIT_MAIL_TOTAL: '100' }, { limits: { mailTotal: 100 } }],
    [{ HEALTH_TOKEN: ' x ' }, { healthToken: 'x' }],
    [{ APP_NAME: 'Example' }, { appName: 'Example' }],
    [{ REGISTRATION: 'Closed' }, { registration: 'closed' }],
    [{ COOKIE_PREFIX: 'accounts-' }, { cookiePrefix: 'accounts-' }],
  ])('%j is taken', (env, config) => {
    expect(configOf(env)).toMatchObject(config)
  })

  test.each([
    { RESET_TOKEN_TTL: '0' },
    { RESET_TOKEN_TTL: '-1' },
    { RESET_TOKEN_TTL: '86401' },
    { RESET_TOKEN_TTL: '1e3' },
    { PASSWORD_MIN_LENGTH: '7' },
    { PASSWORD_MIN_LENGTH: '65' },
    { LIMIT_ASK: '0' },
    { LIMIT_ASK: 'off' },
    { LIMIT_ASK: '5/0' },
    { LIMIT_ASK: '5/' },
    { LIMIT_MAIL: '0' },
  ])('%j is refused: there is no way to say "no limit"', (env) => {
    expect(problemsOf(env).map(({ name }) => name)).toEqual(Object.keys(env))
  })
})

describe('the range API of breached passwords', () => {
  test.each(['off', '0', 'false', 'no'])('%s turns it off', (text) => {
    expect(configOf({ PWNED_PASSWORDS: text }).pwnedPasswords).toBeNull()
  })

  test.each([
    ['https://pwned.example.com/range', 'https://pwned.example.com/range/'],
    ['http://127.0.0.1:9000/', 'http://127.0.0.1:9000/'],
  ])('%s is another one', (text, href) => {
    expect(configOf({ PWNED_PASSWORDS: text }).pwnedPasswords?.href).toBe(href)
  })

  test.each(['http://pwned.example.com/', 'ftp://localhost/', 'maybe'])('%s is refused', (text) => {
    expect(problemsOf({ PWNED_PASSWORDS: text })).toMatchObject([{ name: 'PWNED_PASSWORDS' }])
  })
})

describe('links of another app', () => {
  const good = { LEGACY_SECRET_KEY: 'a key of sixteen', LEGACY_UNTIL: '2026-12-31' }

  test('are not taken when nobody says by which key', () => {
    expect(configOf({}).legacyLinks).toBeNull()
    expect(configOf({ LEGACY_UNTIL: '2026-12-31' }).legacyLinks).toBeNull()
  })

  test('are taken to the end of a day, for half an hour, with the salt of itsdangerous', () => {
    expect(configOf(good).legacyLinks).toEqual({
      secretKey: 'a key of sixteen',
      until: Date.UTC(2027, 0, 1) / 1000,
      salt: 'itsdangerous',
      maxAge: 1800,
    })
    const others = { LEGACY_SALT: 'password-reset', LEGACY_MAX_AGE: '3600' }
    expect(configOf({ ...good, ...others }).legacyLinks).toMatchObject({
      salt: 'password-reset',
      maxAge: 3600,
    })
  })

  test.each([
    { LEGACY_SECRET_KEY: 'secret' },
    { LEGACY_SECRET_KEY: 'you-will-never-guess' },
    { LEGACY_SECRET_KEY: '5791628bb0b13ce0c676dfde280ba245' },
    { LEGACY_SECRET_KEY: 'hard to guess string' },
    { LEGACY_SECRET_KEY: 'fifteen letters' },
    { LEGACY_UNTIL: '' },
    { LEGACY_UNTIL: 'tomorrow' },
    { LEGACY_UNTIL: '2026-02-30' },
    { LEGACY_UNTIL: '1798675200' },
    { LEGACY_MAX_AGE: '0' },
  ])('%j is refused', (env) => {
    const problems = problemsOf({ ...good, ...env })
    expect(problems.map(({ name }) => name)).toEqual(Object.keys(env))
  })
})
