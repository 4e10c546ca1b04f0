/**
 * Nobody learns whether an address has an account: not from an answer, nor from
 * the work behind it, nor from the time it takes (OWASP Forgot Password; ASVS
 * 5.0 §6.3.8).
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { hashSync } from 'bcryptjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { locales } from '../../templates/locales/index.ts'
import { type App, startApp } from '../app.ts'
import { untilRecorded } from '../journeys/steps.ts'
import type { Answer } from '../visitor.ts'
import { mannWhitneyP, median } from './statistics.ts'

const full = process.env['FULL'] === '1'

let mail: MailServer
let app: App

beforeAll(async () => {
  mail = await startMailServer()
  app = await startApp({ mail })
})

afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await mail.stop()
})

const bcrypt = hashSync('a long enough password', 4)
let made = 0

interface Kind {
  proven?: boolean
  disabled?: boolean
  hash?: string
}

/** An account without the way through its mailbox. */
async function makeAccount({ proven = true, disabled = false, hash = bcrypt }: Kind = {}) {
  made += 1
  const address = `known${made}@example.test`
  await app.db
    .prepare(
      `INSERT INTO account (id, address, address_key, username, password_hash, locale, proven_at, disabled_at, created_at)
       VALUES (?1, ?2, ?2, 'Ana', ?3, 'en', ?4, ?5, 1)`,
    )
    .bind(
      randomBytes(9).toString('base64url'),
      address,
      hash,
      proven ? 1 : null,
      disabled ? 1 : null,
    )
    .run()
  return address
}

function newAddress(): string {
  made += 1
  return `unknown${made}@example.test`
}

/** One address of every kind that must look alike. */
async function everyKind(): Promise<Record<string, string>> {
  return {
    known: await makeAccount(),
    unproven: await makeAccount({ proven: false }),
    disabled: await makeAccount({ disabled: true }),
    'without a hash that can be read': await makeAccount({ hash: '!' }),
    unknown: newAddress(),
  }
}

/** What an answer gives away: everything but when it was made. */
function seen({ status, headers, body }: Answer, address: string) {
  const rest = [...headers].filter(([name]) => name !== 'date')
  return { status, headers: rest, body: body.replaceAll(address, 'THE ADDRESS') }
}

/** Statements that the service runs for one request while deliveries are held. */
async function statementsOf(request: () => Promise<Answer>): Promise<number> {
  const before = (await app.door({})).statements
  await request()
  return (await app.door({})).statements - before
}

/** Until no delivery of an earlier test is at work any more. */
async function untilQuiet(): Promise<void> {
  for (let before = -1; ;) {
    const { statements } = await app.door({})
    if (statements === before) return
    before = statements
    await pause(200)
  }
}

const requests = {
  'an ask for a link': (email: string, headers = {}) =>
    app.visitor().post('/reset_password', { email }, headers),
  'a registration': (email: string, headers = {}) =>
    app.visitor().post('/register', { email }, headers),
  'a wrong password': (email: string, headers = {}) =>
    app.visitor().post('/login', { email, password: 'not the password' }, headers),
}

describe.each(Object.entries(requests))('%s', (_what, request) => {
  test('is answered with the same bytes for every kind of address', async () => {
    const answers = []
    for (const address of Object.values(await everyKind())) {
      answers.push(seen(await request(address), address))
    }
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  test('is answered alike in every language', async () => {
    for (const locale of locales) {
      const [known, unknown] = [await makeAccount(), newAddress()]
      const language = { 'Accept-Language': locale }
      expect(seen(await request(known, language), known)).toEqual(
        seen(await request(unknown, language), unknown),
      )
    }
  })

  test('is answered the same the second and the third time', async () => {
    const [known, unknown] = [await makeAccount(), newAddress()]
    for (let time = 0; time < 3; time++) {
      expect(seen(await request(known), known)).toEqual(seen(await request(unknown), unknown))
    }
  })

  test('runs the same number of statements for every kind of address', async () => {
    await app.door({ hold: 'UPDATE outbox SET leased_until' })
    await untilQuiet()
    const counts: Record<string, number> = {}
    for (const [kind, address] of Object.entries(await everyKind())) {
      counts[kind] = await statementsOf(() => request(address))
    }
    await app.door({ hold: '' })
    expect(new Set(Object.values(counts)).size, JSON.stringify(counts)).toBe(1)
    expect(counts['known']).toBeGreaterThan(0)
  })
})

test('a log-in with the right password of a disabled account looks like one with a wrong one', async () => {
  const disabled = await makeAccount({ disabled: true })
  const right = await app
    .visitor()
    .post('/login', { email: disabled, password: 'a long enough password' })
  expect(seen(right, disabled)).toEqual(
    seen(await requests['a wrong password'](disabled), disabled),
  )
})

test.each([
  ['resets the connection', { at: 'connect', drop: 'reset' }],
  ['refuses the recipient for good', { at: 'rcpt', code: 550 }],
  ['is greylisting', { at: 'rcpt', code: 451 }],
  ['takes two seconds to greet', { at: 'banner', delay: 2000 }],
] as const)(
  'known and unknown are answered alike while the mail server %s',
  async (_what, fault) => {
    using _staged = mail.fail(fault)
    const [known, unknown] = [await makeAccount(), newAddress()]
    for (const request of [requests['an ask for a link'], requests['a registration']]) {
      expect(seen(await request(known), known)).toEqual(seen(await request(unknown), unknown))
    }
  },
)

/** Some two hundred addresses, half of them with accounts, in an order that nobody chose. */
async function shuffledPairs(count: number): Promise<{ address: string; known: boolean }[]> {
  const pairs = []
  for (let i = 0; i < count; i++) {
    pairs.push(
      { address: await makeAccount(), known: true },
      { address: newAddress(), known: false },
    )
  }
  return pairs
    .map((pair) => ({ pair, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ pair }) => pair)
}

interface Times {
  known: number[]
  unknown: number[]
}

async function time(count: number, action: (address: string) => Promise<number>): Promise<Times> {
  const times: Times = { known: [], unknown: [] }
  for (let i = 0; i < 10; i++) await action(newAddress())
  for (const { address, known } of await shuffledPairs(count)) {
    times[known ? 'known' : 'unknown'].push(await action(address))
  }
  return times
}

async function timed(request: () => Promise<Answer>, status: number): Promise<number> {
  const started = performance.now()
  const answer = await request()
  const took = performance.now() - started
  expect(answer.status).toBe(status)
  return took
}

function tellsApart({ known, unknown }: Times): boolean {
  return mannWhitneyP(known, unknown) <= 0.01
}

function mediansAgree({ known, unknown }: Times): boolean {
  const [a, b] = [median(known), median(unknown)]
  return Math.abs(a - b) <= Math.max(0.5, 0.05 * Math.min(a, b))
}

/** Two of three runs decide: one in a hundred tells apart by chance. */
async function twoOfThree(run: () => Promise<boolean>): Promise<boolean> {
  let yes = 0
  for (let runs = 1; runs <= 3; runs++) {
    if (await run()) yes += 1
    if (yes === 2) return true
    if (runs - yes === 2) return false
  }
  return false
}

const askTimes = (count: number) =>
  time(count, (address) => timed(() => requests['an ask for a link'](address), 303))

describe('time does not tell', () => {
  const pairs = full ? 200 : 40
  /** In milliseconds. Two is the figure to reach; beside other tests on a busy machine more is needed to be sure. */
  const planted = full ? 2 : 25

  test(
    'an ask takes as long for a known address as for an unknown one',
    { timeout: 120_000 },
    async () => {
      const agree = async () => {
        const times = await askTimes(pairs)
        return !tellsApart(times) && (!full || mediansAgree(times))
      }
      expect(await twoOfThree(agree)).toBe(true)
    },
  )

  test(
    `the control: ${planted} milliseconds more for a known address are caught`,
    { timeout: 120_000 },
    async () => {
      await app.door({ leak: planted })
      const caught = await twoOfThree(async () => tellsApart(await askTimes(pairs)))
      await app.door({ leak: 0 })
      expect(caught).toBe(true)
    },
  )

  test.runIf(full).each([0, 12, 25])(
    'nor do twelve pages %i milliseconds after an ask',
    { timeout: 120_000 },
    async (after) => {
      const agree = async () => {
        const times = await time(60, async (address) => {
          await requests['an ask for a link'](address)
          await pause(after)
          const started = performance.now()
          for (let page = 0; page < 12; page++) await app.visitor().get('/login')
          const took = performance.now() - started
          await untilRecorded(app)
          return took
        })
        return !tellsApart(times)
      }
      expect(await twoOfThree(agree)).toBe(true)
    },
  )

  test.runIf(full)(
    'a wrong password takes as long for a known address as for an unknown one',
    { timeout: 240_000 },
    async () => {
      await app.db.prepare(`DELETE FROM account`).run()
      const agree = async () =>
        !tellsApart(
          await time(100, (address) => timed(() => requests['a wrong password'](address), 401)),
        )
      expect(await twoOfThree(agree)).toBe(true)
    },
  )

  test.runIf(full)(
    'nor when the accounts have hashes of several kinds',
    { timeout: 240_000 },
    async () => {
      await app.db.prepare(`DELETE FROM account`).run()
      const costly = hashSync('a long enough password', 9)
      const agree = async () => {
        const times: Times = { known: [], unknown: [] }
        for (let i = 0; i < 30; i++) await makeAccount({ hash: i % 2 ? costly : bcrypt })
        const mixed = await shuffledPairs(100)
        await app.db
          .prepare(
            `UPDATE account SET password_hash = ?1 WHERE unicode(substr(address, 7)) % 2 = 1`,
          )
          .bind(costly)
          .run()
        for (const { address, known } of mixed) {
          const took = await timed(() => requests['a wrong password'](address), 401)
          times[known ? 'known' : 'unknown'].push(took)
        }
        return !tellsApart(times)
      }
      expect(await twoOfThree(agree)).toBe(true)
    },
  )
})
