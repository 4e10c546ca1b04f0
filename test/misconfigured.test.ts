/**
 * Wrong settings: every one named at once to the operator, none to a stranger.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startMailServer } from '../harness/index.ts'
import { runWith } from '../commands/deno/permissions.ts'
import { startApp } from './app.ts'
import { denoBundle } from './build-workers.ts'
import { ApiClient } from './http/api/client.ts'

test('a deployed Worker with wrong settings answers 503 and names none of them', async () => {
  await using mail = await startMailServer()
  const settings = {
    SECRET_KEY: 'short',
    RESET_TOKEN_TTL: 'soon',
    PUBLIC_URL: 'ftp://example.test',
  }
  await using app = await startApp({ mail, bundle: 'deployed', settings })
  for (const path of ['/login', '/reset_password', '/healthz', '/api/v1/account']) {
    const answer = await app.visitor().get(path)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('Retry-After')).toBe('60')
    expect(answer.body).not.toMatch(/SECRET_KEY|RESET_TOKEN_TTL|PUBLIC_URL|short|soon/)
  }
  const asked = await new ApiClient(app).send('POST', '/password-resets', { email: 'a@b.test' })
  expect(asked).toMatchObject({ status: 503, body: { status: 503, reason: 'unavailable' } })
  expect(asked.headers.get('Content-Type')).toBe('application/problem+json')
})

test('numbers, booleans and lists under [vars] are settings, as wrangler hands them on', async () => {
  await using mail = await startMailServer()
  const bindings = { APP_NAME: 2048, MAIL_USE_TLS: true, ADMINS: ['a@example.test', 'b@c.test'] }
  await using app = await startApp({ mail, bundle: 'deployed', bindings })
  expect(await app.visitor().get('/login')).toMatchObject({
    status: 200,
    body: expect.stringContaining('2048'),
  })
  const wrongOnes = { RESET_TOKEN_TTL: 0, ADMINS: ['a@example.test', 7] }
  await using refused = await startApp({ mail, bundle: 'deployed', bindings: wrongOnes })
  expect((await refused.visitor().get('/login')).status).toBe(503)
})

const wrong = {
  SECRET_KEY: 'a short one',
  RESET_TOKEN_TTL: 'soon',
  MAIL_USE_TLS: 'perhaps',
  MAIL_SERVER: 'mail.example.com',
  PORT: 'eighty',
}

test.each([
  ['npm run dev', process.execPath, ['build/run.ts', 'commands/dev.ts'], ['INBOX_PORT']],
  [
    'the server on Deno',
    'node_modules/deno/deno',
    [...runWith({ net: ['127.0.0.1'], folder: '.sparekey/test' }), denoBundle],
    ['HOST', 'CLIENT_IP_HEADER', 'PUBLIC_URL'],
  ],
])(
  '%s names every wrong setting at once, by name and never by value, and starts nothing',
  async (_, program, args, others) => {
    const bad = 'no such thing'
    const env = { ...process.env, ...wrong, ...Object.fromEntries(others.map((n) => [n, bad])) }
    const command = spawn(program, args, { env })
    const [out, err, [code]] = await Promise.all([
      text(command.stdout),
      text(command.stderr),
      once(command, 'exit'),
    ])
    expect(code).toBe(1)
    expect(out).toBe('')
    const named = [...Object.keys(wrong), ...others, 'MAIL_DEFAULT_SENDER']
    for (const name of named.filter((each) => each !== 'MAIL_SERVER')) expect(err).toContain(name)
    expect(err).not.toMatch(/a short one|soon|perhaps|eighty|no such thing/)
  },
)
