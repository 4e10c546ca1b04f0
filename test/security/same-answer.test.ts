/**
 * No answer, and no work behind it, tells who has an account: by forms and by
 * JSON, in every language, whatever the mail server does (OWASP Forgot Password;
 * ASVS 5.0 §6.3.8). That time does not, either, is in oracle.test.ts. FULL asks each
 * language by both doors.
 */
import { describe, expect, test } from 'vitest'
import type { MailServer } from '../../harness/index.ts'
import { locales } from '../../templates/locales/index.ts'
import { type App, startApp } from '../app.ts'
import { full } from '../full.ts'
import { untilQuiet } from '../until-quiet.ts'
import { useApp } from '../use-app.ts'
import type { Answer } from '../visitor.ts'
import { lowLimits, newNetwork, setRun, times } from './attackers.ts'
import { type Door, doors, waitOf } from './doors.ts'
import { addAccount, addEveryKind, newAddress, password } from './people.ts'

let mail: MailServer
let app: App

useApp(startApp, (started) => ({ mail, app } = started), { settings: lowLimits })

type Request = (email: string, headers?: Record<string, string>, ip?: string) => Promise<Answer>

function requestsOf(door: Door): Record<string, Request> {
  return {
    'an ask for a link': (email, headers, ip) => door.ask(app.visitor(ip), email, headers),
    'a registration': (email, headers, ip) => door.register(app.visitor(ip), email, headers),
    'a wrong password': (email, headers, ip) =>
      door.logIn(app.visitor(ip), email, 'not the password', headers),
  }
}

const requests = doors.flatMap(([name, door], turn) =>
  Object.entries(requestsOf(door)).map(
    ([what, request]) => [`${what} by ${name}`, request, languagesOf(turn)] as const,
  ),
)

/** One words file serves both doors: without FULL they take turns. */
function languagesOf(turn: number) {
  return locales.filter((_, index) => full || index % doors.length === turn)
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

describe.each(requests)('%s', (_what, request, languages) => {
  test('is answered with the same bytes for every kind of address', async () => {
    const answers = []
    for (const address of Object.values(await addEveryKind(app))) {
      answers.push(seen(await request(address), address))
    }
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  test('is answered alike in every language', async () => {
    for (const locale of languages) {
      const [known, unknown] = [await addAccount(app), newAddress()]
      const language = { 'Accept-Language': locale }
      expect(seen(await request(known, language), known)).toEqual(
        seen(await request(unknown, language), unknown),
      )
    }
  })

  test('is answered the same the second and the third time', async () => {
    const [known, unknown] = [await addAccount(app), newAddress()]
    for (let time = 0; time < 3; time++) {
      expect(seen(await request(known), known)).toEqual(seen(await request(unknown), unknown))
    }
  })

  test('is turned away alike, once there were too many', async () => {
    const [known, unknown] = [await addAccount(app), newAddress()]
    const ips = { [known]: newNetwork(), [unknown]: newNetwork() }
    const last = async (address: string) => {
      await times(6, () => request(address, {}, ips[address]))
      const answer = await request(address, {}, ips[address])
      const { headers, ...rest } = seen(answer, address)
      expect(waitOf(answer)).toBeLessThanOrEqual(900)
      // How long to wait depends on when the first of them came.
      return {
        ...rest,
        body: rest.body.replaceAll(/\d+/g, 'N'),
        names: headers.map(([name]) => name),
      }
    }
    expect(await last(known)).toEqual(await last(unknown))
  })

  test('runs the same number of statements for every kind of address', async () => {
    await app.door({ hold: 'UPDATE outbox SET leased_until' })
    await untilQuiet(app)
    const counts: Record<string, number> = {}
    for (const [kind, address] of Object.entries(await addEveryKind(app))) {
      counts[kind] = await statementsOf(() => request(address))
    }
    await app.door({ hold: '' })
    expect(new Set(Object.values(counts)).size, JSON.stringify(counts)).toBe(1)
    expect(counts['known']).toBeGreaterThan(0)
  })
})

describe.each(doors)('by %s', (_name, door) => {
  /** What one log-in has computed, and its status. */
  async function costOf(address: string, attempt: string) {
    const { hashes, verifies } = await app.door({})
    const { status } = await door.logIn(app.visitor(), address, attempt)
    const after = await app.door({})
    return { status, hashes: after.hashes - hashes, verifies: after.verifies - verifies }
  }

  test('a wrong password costs one verification, and no hash, for every kind of address', async () => {
    const costs: Record<string, unknown> = {}
    const kinds = await addEveryKind(app)
    for (const [kind, address] of Object.entries({ ...kinds, 'no address': 'not an address' })) {
      costs[kind] = await costOf(address, 'not the password')
    }
    const once = { status: 401, hashes: 0, verifies: 1 }
    expect(costs).toEqual(Object.fromEntries(Object.keys(costs).map((kind) => [kind, once])))
  })

  test('the right password of a disabled account looks like a wrong one', async () => {
    const disabled = await addAccount(app, { disabled: true })
    const right = await door.logIn(app.visitor(), disabled, password)
    const wrong = await door.logIn(app.visitor(), disabled, 'not the password')
    expect(seen(right, disabled)).toEqual(seen(wrong, disabled))
  })

  test('the right password of an old hash costs no second hash but where it lets in', async () => {
    const disabled = await addAccount(app, { disabled: true })
    const refused = [await costOf(disabled, password), await costOf(newAddress(), password)]
    expect(refused).toEqual(Array(2).fill({ status: 401, hashes: 0, verifies: 1 }))
    expect(await costOf(await addAccount(app), password)).toMatchObject({ hashes: 1, verifies: 1 })
  })

  test('an address that is guessed at from everywhere looks alike, known or not', async () => {
    const answers = []
    for (const address of [await addAccount(app), newAddress()]) {
      await setRun(app, address, 500)
      await door.logIn(app.visitor(), address, 'not the password')
      answers.push(seen(await door.logIn(app.visitor(), address, 'not the password'), address))
    }
    expect(answers[0]?.status).toBe(429)
    expect(answers[0]).toEqual(answers[1])
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
      const [known, unknown] = [await addAccount(app), newAddress()]
      for (const ask of ['ask', 'register'] as const) {
        expect(seen(await door[ask](app.visitor(), known), known)).toEqual(
          seen(await door[ask](app.visitor(), unknown), unknown),
        )
      }
    },
  )
})
