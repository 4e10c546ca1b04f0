/**
 * Limits, one by one: each bites at its figure, shows only where the design says,
 * cannot be slipped past by many requests at once, and leaves the owner a way in
 * (ASVS 5.0 §6.3.1, §2.4.1; OWASP Authentication, "Account Lockout").
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { givePerson, type Person } from '../person.ts'
import { type Answer, Visitor } from '../visitor.ts'
import { untilRecorded } from '../journeys/steps.ts'

/** Lower than they come, so that a test reaches them soon; test/config.test.ts holds the real ones. */
const settings = {
  LIMIT_ASK: '5/600',
  LIMIT_LINK: '6/600',
  LIMIT_LOGIN: '12/600',
  LIMIT_PASSWORD: '4/900',
}
const newPassword = 'quite another long one'
const chosen = { password: newPassword, confirm_password: newPassword }

let mail: MailServer
let app: App

beforeAll(async () => {
  mail = await startMailServer()
  app = await startApp({ mail, settings })
})

afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await mail.stop()
})

let networks = 0

/** An address that nothing else in this file comes from. */
function newNetwork(): string {
  networks += 1
  return `203.0.113.${networks}`
}

function times<T>(count: number, action: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => action(index)))
}

function statuses(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

function logIn(visitor: Visitor, email: string, password: string) {
  return visitor.post('/login', { email, password })
}

function wrongPassword(email: string, visitor = app.visitor()) {
  return logIn(visitor, email, 'not the password')
}

/** As a long row of wrong passwords leaves it; counting to a hundred is a test of its own. */
async function setRun({ db }: App, address: string, length: number) {
  await db
    .prepare(
      `INSERT INTO wrong_password_run (run, length, next_attempt_at, last_attempt_at) VALUES (?1, ?2, 0, ?3)
       ON CONFLICT DO UPDATE SET length = ?2`,
    )
    .bind(address, length, Math.floor(Date.now() / 1000))
    .run()
}

function expectThrottled(answer: Answer, within: number) {
  expect(answer.status).toBe(429)
  const wait = Number(answer.headers.get('Retry-After'))
  expect(wait).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(within)
}

describe('asks, per client', () => {
  test.each(['/reset_password', '/register'])(
    '50 at once to %s: five are taken, whoever they are for',
    async (path) => {
      const person = await givePerson(app, mail)
      const ip = newNetwork()
      const emails = Array.from({ length: 50 }, (_, i) =>
        i % 2 ? person.address : `u${i}${path.length}@example.test`,
      )
      const answers = await times(50, (i) => app.visitor(ip).post(path, { email: emails[i] ?? '' }))
      expect(statuses(answers)).toEqual({ 303: 5, 429: 45 })
    },
  )

  test('the 429 is the same for every address, and says when to come back', async () => {
    const person = await givePerson(app, mail)
    const ip = newNetwork()
    await times(6, (i) => app.visitor(ip).post('/reset_password', { email: `x${i}@example.test` }))
    const known = await app.visitor(ip).post('/reset_password', { email: person.address })
    const unknown = await app.visitor(ip).post('/reset_password', { email: 'nobody@example.test' })
    expectThrottled(known, 600)
    expect(known.body).toBe(unknown.body)
  })

  test('a window ends', async () => {
    await using own = await startApp({ mail, settings })
    const visitor = own.visitor()
    const ask = () => visitor.post('/reset_password', { email: 'ana@example.test' })
    for (let i = 0; i < 5; i++) expect((await ask()).status).toBe(303)
    const throttled = await ask()
    expectThrottled(throttled, 600)
    await own.advance(Number(throttled.headers.get('Retry-After')) - 2)
    expect((await ask()).status).toBe(429)
    await own.advance(2)
    expect((await ask()).status).toBe(303)
  })

  test('one that is turned away adds no mail, and only the first of a window an audit row', async () => {
    const ip = newNetwork()
    await times(20, (i) => app.visitor(ip).post('/reset_password', { email: `y${i}@example.test` }))
    const count = async (sql: string) =>
      (await app.db.prepare(sql).bind(ip).all<{ event: string; n: number }>()).results
    expect(
      await count(
        `SELECT event, count(*) AS n FROM audit WHERE network = ?1 GROUP BY event ORDER BY 1`,
      ),
    ).toEqual([
      { event: 'reset-asked', n: 5 },
      { event: 'throttled', n: 1 },
    ])
    const rows = await app.db
      .prepare(`SELECT id FROM outbox WHERE address LIKE 'y%@example.test'`)
      .all()
    expect(rows.results).toHaveLength(5)
  })

  test('another client asks on', async () => {
    const ip = newNetwork()
    await times(10, () => app.visitor(ip).post('/reset_password', { email: 'z@example.test' }))
    expect((await app.visitor().post('/reset_password', { email: 'z@example.test' })).status).toBe(
      303,
    )
  })

  test('a client is its network: forged headers change nothing, IPv6 counts by /64', async () => {
    const network = '2001:db8:77:1'
    const answers: Answer[] = []
    for (let i = 0; i < 8; i++) {
      const headers = {
        'X-Forwarded-For': `192.0.2.${i}`,
        Forwarded: `for=192.0.2.${i}`,
        'X-Real-IP': `192.0.2.${i}`,
      }
      answers.push(
        await app
          .visitor(`${network}::${i + 1}`)
          .post('/register', { email: 'w@example.test' }, headers),
      )
    }
    expect(statuses(answers)).toEqual({ 303: 5, 429: 3 })
  })
})

describe('posts to links, per client', () => {
  test('50 wrong tokens at once: six are looked at; the owner’s link works from elsewhere', async () => {
    const person = await givePerson(app, mail)
    const link = await person.askForLink()
    const ip = newNetwork()
    const answers = await times(50, (i) =>
      app.visitor(ip).post(`/reset_password/wrong${i}`, chosen),
    )
    expect(statuses(answers)).toEqual({ 410: 6, 429: 44 })
    expectThrottled(await app.visitor(ip).post(link, chosen), 600)
    expect((await app.visitor().post(link, chosen)).status).toBe(303)
  })

  test('opening a link is not counted', async () => {
    const ip = newNetwork()
    const answers = await times(20, () => app.visitor(ip).get('/reset_password/wrong'))
    expect(statuses(answers)).toEqual({ 410: 20 })
  })
})

describe('log-ins, per client', () => {
  test('50 at once for 50 addresses: twelve are tried', async () => {
    const ip = newNetwork()
    const answers = await times(50, (i) => wrongPassword(`v${i}@example.test`, app.visitor(ip)))
    expect(statuses(answers)).toEqual({ 401: 12, 429: 38 })
  })

  test('what it turns away is not counted as a wrong password', async () => {
    const person = await givePerson(app, mail)
    const ip = newNetwork()
    await times(13, (i) => wrongPassword(`t${i}@example.test`, app.visitor(ip)))
    await times(20, () => wrongPassword(person.address, app.visitor(ip)))
    const run = await app.db
      .prepare(`SELECT length FROM wrong_password_run WHERE run = ?1`)
      .bind(person.address)
      .first()
    expect(run).toBeNull()
    const window = await app.db
      .prepare(`SELECT hits FROM limit_window WHERE key LIKE ?1`)
      .bind(`password ${person.address}%`)
      .all()
    expect(window.results).toEqual([])
  })
})

describe('wrong passwords, per client and address', () => {
  test('50 at once: four are tried, for an address without account just the same', async () => {
    const person = await givePerson(app, mail)
    for (const email of [person.address, 'nobody-here@example.test']) {
      const ip = newNetwork()
      // Twelve log-ins are all that one client has: the four wrong ones come first in the table.
      const answers = await times(50, () => wrongPassword(email, app.visitor(ip)))
      expect(statuses(answers)).toEqual({ 401: 4, 429: 46 })
    }
  })

  test('a right one is given back: ten log-ins in a row are no guessing', async () => {
    const person = await givePerson(app, mail)
    const browser = app.visitor()
    for (let i = 0; i < 10; i++)
      expect((await logIn(browser, person.address, person.password)).status).toBe(303)
  })

  test('even the right one is 429 once they are used up, and the 429 does not tell', async () => {
    const person = await givePerson(app, mail)
    const ip = newNetwork()
    for (let i = 0; i < 4; i++)
      expect((await wrongPassword(person.address, app.visitor(ip))).status).toBe(401)
    const right = await logIn(app.visitor(ip), person.address, person.password)
    const wrong = await wrongPassword(person.address, app.visitor(ip))
    expectThrottled(right, 900)
    expect(right.body).toBe(wrong.body)
  })

  test('somebody who used them up and then resets is in at once', async () => {
    const person = await givePerson(app, mail)
    const home = app.visitor(newNetwork())
    for (let i = 0; i < 5; i++) await wrongPassword(person.address, home)
    expect((await app.visitor().post(await person.askForLink(), chosen)).status).toBe(303)
    expect((await logIn(home, person.address, newPassword)).status).toBe(303)
  })

  test('a wrong current password counts as one', async () => {
    const person = await givePerson(app, mail)
    const browser = await person.logIn()
    const change = { current_password: 'not the password', ...chosen }
    const answers: Answer[] = []
    for (let i = 0; i < 6; i++) answers.push(await browser.post('/account/password', change))
    expect(statuses(answers)).toEqual({ 401: 4, 429: 2 })
  })
})

describe('wrong passwords in a row, per address', () => {
  test('a hundred are tried, from wherever; then one a minute', async () => {
    const email = 'row-of-a-hundred@example.test'
    await setRun(app, email, 90)
    const answers = await times(30, () => wrongPassword(email))
    expect(statuses(answers)).toEqual({ 401: 10, 429: 20 })
    expectThrottled(await wrongPassword(email), 60)
  })

  test('a minute later one of fifty is tried, and the owner is let in when it is theirs', async () => {
    await using own = await startApp({ mail, settings })
    const person = await givePerson(own, mail)
    await setRun(own, person.address, 95)
    for (let i = 0; i < 5; i++) await wrongPassword(person.address, own.visitor())
    expect((await wrongPassword(person.address, own.visitor())).status).toBe(429)
    await own.advance(61)
    const answers = await times(20, () => wrongPassword(person.address, own.visitor()))
    expect(statuses(answers)).toEqual({ 401: 1, 429: 19 })
    await own.advance(61)
    await person.logIn(own.visitor())
    expect((await wrongPassword(person.address, own.visitor())).status).toBe(401)
  })

  async function underAttack(): Promise<{ person: Person; browser: Visitor }> {
    const person = await givePerson(app, mail)
    const browser = await person.logIn()
    await browser.post('/logout', {})
    await setRun(app, person.address, 500)
    await wrongPassword(person.address)
    expect((await wrongPassword(person.address)).status).toBe(429)
    return { person, browser }
  }

  test('a browser that logged in before passes, also from a new network', async () => {
    const { person, browser } = await underAttack()
    const moved = app.visitor()
    moved.setCookie('__Host-device', browser.cookie('__Host-device') ?? '')
    expect((await logIn(moved, person.address, person.password)).status).toBe(303)
  })

  test('its cookie helps for no other account, and has a hundred guesses of its own', async () => {
    const { browser } = await underAttack()
    const other = await underAttack()
    const cookie = browser.cookie('__Host-device') ?? ''
    const guess = (address: string) => {
      const thief = app.visitor()
      thief.setCookie('__Host-device', cookie)
      return wrongPassword(address, thief)
    }
    expect((await guess(other.person.address)).status).toBe(429)
    const { person: owner, browser: stolen } = await underAttack()
    const [, claims = ''] = (stolen.cookie('__Host-device') ?? '').split('.')
    const device: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString())
    const name = typeof device === 'object' && device && 'jti' in device ? String(device.jti) : ''
    await setRun(app, `${owner.address} ${name}`, 100)
    const thief = () => {
      const visitor = app.visitor()
      visitor.setCookie('__Host-device', stolen.cookie('__Host-device') ?? '')
      return wrongPassword(owner.address, visitor)
    }
    expect((await thief()).status).toBe(401)
    expect((await thief()).status).toBe(429)
  })

  test('a reset passes and clears it', async () => {
    const { person } = await underAttack()
    expect((await app.visitor().post(await person.askForLink(), chosen)).status).toBe(303)
    expect((await logIn(app.visitor(), person.address, newPassword)).status).toBe(303)
  })

  test('whoever registers an address that was attacked before is not slowed down', async () => {
    const inbox = mail.inbox()
    await setRun(app, inbox.address, 500)
    await wrongPassword(inbox.address)
    await app.visitor().post('/register', { email: inbox.address })
    const link = (await inbox.next()).link('/register/')
    await app.visitor().post(link, { username: 'Ana', ...chosen })
    expect((await logIn(app.visitor(), inbox.address, newPassword)).status).toBe(303)
  })

  test('no attack changes the account', async () => {
    const { person } = await underAttack()
    const before = await app.db
      .prepare(`SELECT * FROM account WHERE address = ?1`)
      .bind(person.address)
      .first()
    await times(20, () => wrongPassword(person.address))
    await times(3, () => app.visitor().post('/reset_password', { email: person.address }))
    expect(
      await app.db.prepare(`SELECT * FROM account WHERE address = ?1`).bind(person.address).first(),
    ).toEqual(before)
  })
})

describe('link mails, per address', () => {
  test('a hundred asks from a hundred networks mail three; the answers do not tell; the last link works', async () => {
    const person = await givePerson(app, mail)
    const answers: Answer[] = []
    for (let i = 0; i < 100; i++) {
      answers.push(await app.visitor().post('/reset_password', { email: person.address }))
      if (i % 10 === 9) await untilRecorded(app)
    }
    expect(statuses(answers)).toEqual({ 303: 100 })
    const { results } = await app.db
      .prepare(
        `SELECT result, count(*) AS n FROM outbox WHERE address = ?1 AND result = 'sent' GROUP BY result`,
      )
      .bind(person.address)
      .all()
    // The registration was one of the three.
    expect(results).toEqual([{ result: 'sent', n: 3 }])
    const last = (await person.inbox.waiting()).at(-1)
    expect((await app.visitor().post(last?.link('/reset_password/') ?? '', chosen)).status).toBe(
      303,
    )
  })
})
