/**
 * Pages of an app around us, in what the walk through one (test/package) does
 * not come by: pages that wait for something, and pages that fail.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPasswords } from '../../src/account/password-hash.ts'
import { secureRandom } from '../../src/account/random.ts'
import { parseConfig } from '../../src/config.ts'
import { openSqlite, type SqliteDatabase } from '../../src/platform/sqlite-d1.ts'
import { createService } from '../../src/service.ts'
import type { Pages } from '../../templates/pages/index.ts'
import { argon2id } from '../account/argon2id.ts'

let db: SqliteDatabase
let log: unknown[]

beforeEach(() => {
  db = openSqlite(':memory:')
  log = []
})

afterEach(() => db[Symbol.dispose]())

test('a page may wait for something, and is rendered once', async () => {
  let rendered = 0
  const Motto = async () => {
    rendered += 1
    return <i>Semper apertus</i>
  }
  const get = serviceWith({
    login: () => (
      <html>
        <Motto />
      </html>
    ),
  })
  expect(await get('/login')).toMatchObject({ body: '<html><i>Semper apertus</i></html>' })
  expect(await get('/login')).toMatchObject({ body: '<html><i>Semper apertus</i></html>' })
  expect(rendered).toBe(1)
})

test('a page that fails is a refusal, and tells nothing of why', async () => {
  const get = serviceWith({ login: fail })
  const answer = await get('/login')
  expect(answer).toMatchObject({
    status: 500,
    body: expect.stringContaining('Something went wrong here'),
  })
  expect(answer.body).not.toContain('broken template')
  expect(log).toMatchObject([{ event: 'request-failed', message: 'broken template' }])
})

test('an error page that fails gives way to ours', async () => {
  const get = serviceWith({ error: fail })
  const answer = await get('/nowhere')
  expect(answer).toMatchObject({ status: 404, body: expect.stringContaining('<main>') })
  expect(log).toEqual([
    {
      event: 'error-page-failed',
      error: 'Error',
      message: 'broken template',
      stack: expect.any(String),
    },
  ])
})

function fail(): never {
  throw new Error('broken template')
}

/** The service on Node with `pages`; how a page of it is got. */
function serviceWith(pages: Partial<Pages>) {
  const result = parseConfig({
    PUBLIC_URL: 'https://id.example.test',
    SECRET_KEY: 'a test key that is at least 32 bytes long',
    MAIL_SERVER: 'mail.example.test',
    MAIL_USE_TLS: 'on',
    MAIL_DEFAULT_SENDER: 'post@example.test',
  })
  if (!result.ok) throw new TypeError(`Wrong settings: ${JSON.stringify(result.problems)}`)
  const { config } = result
  const service = createService({
    ...{ config, db, pages },
    clock: () => 1_800_000_000,
    random: secureRandom,
    passwords: createPasswords({ argon2id, random: secureRandom }),
    transport: { connect: () => Promise.reject(new Error('No mail goes out in this test')) },
    clientAddress: () => '192.0.2.1',
    wakeDelivery: () => {},
    inBackground: () => {},
    log: (line) => log.push(line),
  })
  return async function get(path: string) {
    const answer = await service.fetch(new Request(new URL(path, config.publicUrl)))
    return { status: answer.status, body: await answer.text() }
  }
}
