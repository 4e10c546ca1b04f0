/**
 * Nobody learns whether an address has an account from the time that an answer
 * takes (OWASP Forgot Password; ASVS 5.0 §6.3.8). That no answer and no work
 * behind it tells is in same-answer.test.ts.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { hashSync } from 'bcryptjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { untilRecorded } from '../journeys/steps.ts'
import type { Answer } from '../visitor.ts'
import { doors } from './doors.ts'
import { addAccount, type Kind, newAddress, password, quickHash } from './people.ts'
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

const makeAccount = (kind?: Kind) => addAccount(app, kind)

const [[, forms]] = doors
const requests = {
  'an ask for a link': (email: string) => forms.ask(app.visitor(), email),
  'a wrong password': (email: string) => forms.logIn(app.visitor(), email, 'not the password'),
}

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
      const costly = hashSync(password, 9)
      const agree = async () => {
        const times: Times = { known: [], unknown: [] }
        for (let i = 0; i < 30; i++) await makeAccount({ hash: i % 2 ? costly : quickHash })
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
