/**
 * On a server of one's own a client is whom the proxy names last, or whoever
 * holds the socket: nothing that a client writes makes it another one (ASVS 5.0 §15.3.4).
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { startDenoApp } from '../deno-app.ts'
import type { Answer } from '../visitor.ts'
import { inTurn, outcomesOf } from './doors.ts'

const settings = { LIMIT_ASK: '3/600' }
let mail: MailServer

beforeAll(async () => {
  mail = await startMailServer()
})
afterAll(() => mail.stop())

/** Five asks of one visitor, at both doors in turn, each with headers of its own. */
async function askFiveTimes(
  app: Awaited<ReturnType<typeof startDenoApp>>,
  headersOf: (i: number) => Record<string, string>,
) {
  const answers: Answer[] = []
  for (let i = 0; i < 5; i++) {
    answers.push(await inTurn(i).ask(app.visitor(), `ask${i}@example.test`, headersOf(i)))
  }
  return outcomesOf(answers)
}

const one = { taken: 3, throttled: 2 }
const several = { taken: 5 }

test('behind a proxy it is the last that CLIENT_IP_HEADER names, IPv6 by /64', async () => {
  const header = 'X-Forwarded-For'
  await using app = await startDenoApp({
    mail,
    settings: { ...settings, CLIENT_IP_HEADER: header },
  })
  const ask = (forwarded: (i: number) => string) =>
    askFiveTimes(app, (i) => ({ [header]: forwarded(i) }))
  expect(await ask((i) => `198.51.100.${i}, 203.0.113.9`)).toEqual(one)
  expect(await ask((i) => `203.0.113.9, 198.51.100.${i}`)).toEqual(several)
  expect(await ask((i) => `${i}.1.1.1,2001:db8:1:2::${i}`)).toEqual(one)
  expect(await ask((i) => `2001:db8:1:2::1, 2001:db8:1:${i + 3}::1`)).toEqual(several)
  expect(await ask((i) => `192.0.2.${i}, not an address ${i}`)).toEqual(one)
})

test('without the header it is the socket’s other end, whatever a client writes', async () => {
  await using app = await startDenoApp({ mail, settings: { ...settings, CLIENT_IP_HEADER: '' } })
  const forged = (i: number) => ({
    'X-Forwarded-For': `192.0.2.${i}`,
    'X-Real-IP': `192.0.2.${i}`,
    Forwarded: `for=192.0.2.${i}`,
    'CF-Connecting-IP': `192.0.2.${i}`,
  })
  expect(await askFiveTimes(app, forged)).toEqual(one)
  const { results } = await app.db.prepare(`SELECT DISTINCT network FROM audit`).all()
  expect(results).toEqual([{ network: '127.0.0.1' }])
})

test('with the header set, who comes without one is the socket’s other end', async () => {
  await using app = await startDenoApp({
    mail,
    settings: { ...settings, CLIENT_IP_HEADER: 'X-Forwarded-For' },
  })
  expect(await askFiveTimes(app, (i) => ({ 'CF-Connecting-IP': `192.0.2.${i}` }))).toEqual(one)
})
