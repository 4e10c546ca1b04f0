/**
 * How SQLite goes about what a request asks: by an index, however many rows
 * there are. `npm run bench` shows the same with millions of them.
 */
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, expect, test } from 'vitest'
import { planOf, statementsOf } from '../../bench/look-ups/statements.ts'
import { readMigrations } from '../../build/worker.ts'
import { type EmailAddress, parseAddress } from '../../src/account/address.ts'
import { parseClient } from '../../src/account/client.ts'
import type { PasswordAttempt } from '../../src/account/services.ts'
import type { Stores } from '../../src/store/index.ts'

const client = parseClient('192.0.2.1', '')
const limit = { key: 'ask 192.0.2.1', count: 30, seconds: 600 }
const address = addressOf('ana@example.test')
const now = 1_800_000_000
const ask = { id: 'a', purpose: 'reset', address, client, limit, now, locale: 'en' } as const
const attempt: PasswordAttempt = {
  ...{ addressKey: address.key, knownAs: null, accountId: null, address: null, client, now },
  ...{ perClient: limit, perClientAndAddress: limit },
}

const uses: [what: string, use: (store: Stores) => Promise<unknown>][] = [
  ['opening a link', ({ accounts }) => accounts.find('a')],
  ['opening a link of another app', ({ accounts }) => accounts.findByLegacyId('1')],
  ['finding an address', ({ accounts }) => accounts.findByAddressKey(address.key)],
  ['opening a link of a registration', ({ outbox }) => outbox.findRegistration('a')],
  ['knowing who is signed in', ({ sessions }) => sessions.find('h', now)],
  ['listing sessions', ({ sessions }) => sessions.list('a', now)],
  ['a log-in', ({ sessions }) => sessions.beginLogin({ ...attempt, decoyAt: 'a' })],
  ['ending a session', ({ sessions }) => sessions.end('a', 's', ending)],
  ['asking for a mail', ({ outbox }) => outbox.ask(ask)],
  ['posting to a link', ({ accounts }) => accounts.findCounted('a', { limit, now })],
  [
    'posting to a link of a registration',
    ({ outbox }) => outbox.findRegistrationCounted('a', { limit, now }),
  ],
  ['delivering', ({ outbox }) => outbox.claim({ count: 20, lease: 60, quota: limit, now })],
  ['recording how mails ended', ({ outbox }) => outbox.end(ended, now)],
  ['letting mails wait', ({ outbox }) => outbox.postpone([{ row, until: now }], 'no answer')],
  ['counting', ({ limits }) => limits.count(limit, now)],
]
const row = { id: 'a', attempts: 1 }
const end = { state: 'done', result: 'sent', lastReply: null } as const
const ended = ['a', 'b', 'c'].map((id) => ({ row: { ...row, id }, end }))
const ending = { event: 'logged-out', client, now } as const

/** Of what a query has found itself every row is wanted. */
const TABLE_SCAN = /^SCAN (?!CONSTANT ROW|\(subquery-\d+\)|turn$)/

let migrations: string[]
let db: DatabaseSync
beforeAll(async () => {
  migrations = await readMigrations()
  db = new DatabaseSync(':memory:')
  for (const statement of migrations) db.exec(statement)
})

test.each(uses)('%s reads no table from end to end', async (_, use) => {
  const statements = await statementsOf(migrations, use)
  expect(statements.length).toBeGreaterThan(0)
  const steps = statements.flatMap((sql) => planOf(db, sql))
  expect(steps.filter((step) => TABLE_SCAN.test(step))).toEqual([])
})

test.each(uses)('%s does so, too, by the statistics of a quiet day', async (_, use) => {
  using quiet = new DatabaseSync(':memory:')
  for (const statement of migrations) quiet.exec(statement)
  quiet.exec(
    `INSERT INTO outbox (id, purpose, address, address_key, locale, state, next_attempt_at, created_at)
     VALUES ('a', 'reset', 'a', 'a', 'en', 'waiting', 1, 1), ('b', 'reset', 'b', 'b', 'en', 'done', 1, 1)`,
  )
  quiet.exec('ANALYZE')
  const statements = await statementsOf(migrations, use)
  const steps = statements.flatMap((sql) => planOf(quiet, sql))
  expect(steps.filter((step) => TABLE_SCAN.test(step))).toEqual([])
})

test('a statement without an index would be noticed', () => {
  const plan = planOf(db, `SELECT id FROM account WHERE username = 'Ana'`)
  expect(plan).toEqual([expect.stringMatching(/^SCAN account/)])
})

function addressOf(text: string): EmailAddress {
  const address = parseAddress(text)
  if (address === null) throw new TypeError(`Not an address: ${text}`)
  return address
}
