/**
 * Every request is matched by one regular expression: Hono's other router, which
 * it falls back to when a route does not fit that, costs a quarter of a page.
 */
import { expect, test } from 'vitest'
import { createPasswords } from '../../src/account/password-hash.ts'
import { secureRandom } from '../../src/account/random.ts'
import { parseConfig } from '../../src/config.ts'
import { openSqlite } from '../../src/platform/sqlite-d1.ts'
import { createService } from '../../src/service.ts'
import { argon2id } from '../account/argon2id.ts'
import { publicUrl, secretKey } from '../app.ts'

test.each(['', '/auth'])('of all routes below "%s"', async (prefix) => {
  const parsed = parseConfig({
    PUBLIC_URL: `${publicUrl}${prefix}`,
    SECRET_KEY: secretKey,
    MAIL_SERVER: '127.0.0.1',
    MAIL_DEFAULT_SENDER: 'sparekey@example.test',
  })
  if (!parsed.ok) throw new TypeError(JSON.stringify(parsed.problems))
  const { config } = parsed
  using db = openSqlite(':memory:')
  const { app } = createService({
    ...{ config, db, random: secureRandom },
    clock: () => Math.floor(Date.now() / 1000),
    passwords: createPasswords({ argon2id, random: secureRandom }),
    transport: { connect: () => expect.fail('No mail is asked for') },
    clientAddress: () => '198.18.0.1',
    wakeDelivery: () => {},
    inBackground: () => {},
    log: () => {},
  })
  expect((await app.request('/register/sent')).status).toBe(200)
  expect(app.router.name).toBe('SmartRouter + RegExpRouter')
})
