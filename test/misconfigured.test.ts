/**
 * Wrong settings: every one named at once to the operator, none to a stranger.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startMailServer } from '../harness/index.ts'
import { startApp } from './app.ts'

test('a deployed Worker with wrong settings answers 503 and names none of them', async () => {
  await using mail = await startMailServer()
  const settings = {
    SECRET_KEY: 'short',
    RESET_TOKEN_TTL: 'soon',
    PUBLIC_URL: 'ftp://example.test',
  }
  await using app = await startApp({ mail, bundle: 'deployed', settings })
  for (const path of ['/login', '/reset_password', '/healthz']) {
    const answer = await app.visitor().get(path)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('Retry-After')).toBe('60')
    expect(answer.body).not.toMatch(/SECRET_KEY|RESET_TOKEN_TTL|PUBLIC_URL|short|soon/)
  }
})

test('npm run dev names every wrong setting at once, by name and never by value, and starts nothing', async () => {
  const env = {
    ...process.env,
    ...{ PORT: '0', SMTP_PORT: '0', INBOX_PORT: '0' },
    ...{
      SECRET_KEY: 'a short one',
      RESET_TOKEN_TTL: 'soon',
      MAIL_USE_TLS: 'perhaps',
      MAIL_SERVER: 'mail.example.com',
    },
  }
  const dev = spawn(process.execPath, ['build/run.ts', 'commands/dev.ts'], { env })
  const [out, err, [code]] = await Promise.all([
    text(dev.stdout),
    text(dev.stderr),
    once(dev, 'exit'),
  ])
  expect(code).toBe(1)
  expect(out).toBe('')
  for (const name of ['SECRET_KEY', 'RESET_TOKEN_TTL', 'MAIL_USE_TLS', 'MAIL_DEFAULT_SENDER']) {
    expect(err).toContain(name)
  }
  expect(err).not.toMatch(/a short one|soon|perhaps/)
})
