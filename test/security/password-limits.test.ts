/**
 * Guessing passwords is slow wherever one is asked for, and locks nobody out
 * (ASVS 5.0 §6.3.1; NIST SP 800-63B-4 §3.2.2; OWASP Authentication, "Account Lockout").
 * FULL comes by each door alone, too.
 */
import { describe, expect, test } from 'vitest'
import type { MailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { useApp } from '../use-app.ts'
import { givePerson, type Person } from '../person.ts'
import type { Answer, Visitor } from '../visitor.ts'
import { lowLimits, newNetwork, setRun, times } from './attackers.ts'
import { password, quickHash } from './people.ts'
import { type Door, doors, inTurn, outcomeOf, outcomesOf, ways, waitOf } from './doors.ts'

const wrong = 'not the password'
const newPassword = 'quite another long one'

let mail: MailServer
let app: App

useApp(startApp, (started) => ({ mail, app } = started), { settings: lowLimits })

/** Hashes that are compared with cost little, however many: what is counted is the same. */
function giveVictim(of = app): Promise<Person> {
  return givePerson(of, mail, { password, hash: quickHash })
}

function chooseByLink(link: string): Promise<Answer> {
  return app.visitor().post(link, { password: newPassword, confirm_password: newPassword })
}

function wrongPassword(email: string, visitor = app.visitor()) {
  return inTurn(0).logIn(visitor, email, wrong)
}

/** Somebody signed in, in a browser at an address of its own. */
async function giveSession() {
  const person = await giveVictim()
  const browser = await person.signIn(app.visitor(newNetwork()))
  const session = await app.db
    .prepare(
      `SELECT session.id FROM session JOIN account ON account.id = account_id WHERE address = ?1`,
    )
    .bind(person.address)
    .first<string>('id')
  return { person, browser, session: session ?? '' }
}

interface Attempt {
  send: (door: Door, from: Visitor, email: string, password: string) => Promise<Answer>
  /** Log-ins come without the cookie: a browser that is known has a row of its own. */
  from: (browser: Visitor) => Visitor
  /** Whose row of wrong passwords it adds to. */
  run: (address: string, session: string) => string
}

const attempts = {
  'log-in': {
    send: (door, from, email, password) => door.logIn(from, email, password),
    from: () => app.visitor(newNetwork()),
    run: (address) => address,
  },
  'change of password': {
    send: (door, from, _email, password) => door.changePassword(from, password, newPassword),
    from: (browser) => browser,
    run: (address, session) => `${address} ${session}`,
  },
} satisfies Record<string, Attempt>

/** Every place where a password is checked. */
const places = Object.entries<Attempt>(attempts).flatMap(([what, attempt]) =>
  ways.map(([way, door]) => [`${what} by ${way}`, { ...attempt, door }] as const),
)

describe.each(places)('a %s', (_name, place) => {
  const { door, send, from, run } = place

  test('takes four wrong ones of fifty at once, then not even the right one', async () => {
    const { person, browser } = await giveSession()
    const answers = await times(50, (i) => send(door(i), browser, person.address, wrong))
    expect(outcomesOf(answers)).toEqual({ refused: 4, throttled: 46 })
    for (const i of [0, 1]) {
      const right = await send(door(i), browser, person.address, person.password)
      const another = await send(door(i), browser, person.address, wrong)
      expect(waitOf(right)).toBeLessThanOrEqual(900)
      expect(right.body).toBe(another.body)
    }
  })

  test('takes the hundredth wrong one in a row, then one a minute', async () => {
    const { person, browser, session } = await giveSession()
    const visitor = from(browser)
    await setRun(app, run(person.address, session), 99)
    expect(outcomeOf(await send(door(0), visitor, person.address, wrong))).toBe('refused')
    for (const i of [0, 1]) {
      const next = await send(door(i), visitor, person.address, person.password)
      expect(waitOf(next)).toBeLessThanOrEqual(60)
    }
  })

  test('gives a right one back, and the row is at its end', async () => {
    const { person, browser, session } = await giveSession()
    const visitor = from(browser)
    await setRun(app, run(person.address, session), 50)
    for (let i = 0; i < 3; i++) await send(door(i), visitor, person.address, wrong)
    expect(outcomeOf(await send(door(3), visitor, person.address, person.password))).toBe('taken')
    const { results } = await app.db
      .prepare(`SELECT run FROM wrong_password_run WHERE run = ?1`)
      .bind(run(person.address, session))
      .all()
    expect(results).toEqual([])
  })
})

test('all places count together: of 48 wrong ones at once, by turns, four are tried', async () => {
  const { person, browser } = await giveSession()
  const answers = await times(48, (i) => {
    const { send } = attempts[i % 4 < 2 ? 'log-in' : 'change of password']
    return send(inTurn(i), browser, person.address, wrong)
  })
  expect(outcomesOf(answers)).toEqual({ refused: 4, throttled: 44 })
})

test.each(doors)(
  'a right password is no way to have hashes for nothing, by %s',
  async (_, door) => {
    const { person, browser } = await giveSession()
    const answers: Answer[] = []
    for (let i = 0; i < 14; i++) {
      answers.push(await door.changePassword(browser, person.password, 'too short'))
    }
    expect(outcomesOf(answers)).toEqual({ 422: 12, throttled: 2 })
  },
)

describe.each(ways)('log-ins by %s, per client', (_way, door) => {
  test('50 at once for 50 addresses: twelve are tried', async () => {
    const ip = newNetwork()
    const answers = await times(50, (i) =>
      door(i).logIn(app.visitor(ip), `v${i}.${ip}@example.test`, wrong),
    )
    expect(outcomesOf(answers)).toEqual({ refused: 12, throttled: 38 })
  })

  test('four wrong ones for an address without account, just the same', async () => {
    const ip = newNetwork()
    const email = `nobody.${ip}@example.test`
    // Twelve log-ins are all that one client has: the four wrong ones come first in the table.
    const answers = await times(50, (i) => door(i).logIn(app.visitor(ip), email, wrong))
    expect(outcomesOf(answers)).toEqual({ refused: 4, throttled: 46 })
  })

  test('however an address is written, its wrong ones are counted together', async () => {
    const visitor = app.visitor(newNetwork())
    const written = [
      'Idn@exämple.test',
      'idn@EXÄMPLE.TEST.',
      'IDN@xn--exmple-cua.test',
      ' idn@exa\u0308mple.test',
    ]
    const answers: Answer[] = []
    for (const [i, email] of [...written, ...written].entries()) {
      answers.push(await door(i).logIn(visitor, email, wrong))
    }
    expect(answers.map(outcomeOf)).toEqual([
      ...Array<string>(4).fill('refused'),
      ...Array<string>(4).fill('throttled'),
    ])
  })

  test('a hundred in a row are tried, from wherever; then one a minute', async () => {
    const email = `row.${newNetwork()}@example.test`
    await setRun(app, email, 90)
    const answers = await times(30, (i) => door(i).logIn(app.visitor(), email, wrong))
    expect(outcomesOf(answers)).toEqual({ refused: 10, throttled: 20 })
    expect(waitOf(await door(0).logIn(app.visitor(), email, wrong))).toBeLessThanOrEqual(60)
  })
})

test('what the limit of log-ins turns away is not counted as a wrong password', async () => {
  const person = await giveVictim()
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

describe('an owner', () => {
  test('who logs in six times in a row is not guessing', async () => {
    const person = await giveVictim()
    const browser = app.visitor()
    const logIn = (i: number) => inTurn(i).logIn(browser, person.address, person.password)
    for (let i = 0; i < 6; i++) expect(outcomeOf(await logIn(i))).toBe('taken')
  })

  test('who used them up and then resets is in at once', async () => {
    const person = await giveVictim()
    const home = app.visitor(newNetwork())
    for (let i = 0; i < 5; i++) await wrongPassword(person.address, home)
    expect((await chooseByLink(await person.askForLink())).status).toBe(303)
    expect(outcomeOf(await inTurn(0).logIn(home, person.address, newPassword))).toBe('taken')
  })

  test('is let in a minute later, when one of fifty is tried and it is theirs', async () => {
    await using own = await startApp({ mail, settings: lowLimits })
    const person = await giveVictim(own)
    await setRun(own, person.address, 95)
    for (let i = 0; i < 5; i++) await wrongPassword(person.address, own.visitor())
    expect((await wrongPassword(person.address, own.visitor())).status).toBe(429)
    await own.advance(61)
    const answers = await times(20, () => wrongPassword(person.address, own.visitor()))
    expect(outcomesOf(answers)).toEqual({ refused: 1, throttled: 19 })
    await own.advance(61)
    await person.logIn(own.visitor())
    expect((await wrongPassword(person.address, own.visitor())).status).toBe(401)
  })
})

describe('an owner whose address is under attack', () => {
  async function underAttack(): Promise<{ person: Person; browser: Visitor }> {
    const person = await giveVictim()
    const browser = await person.signIn()
    await setRun(app, person.address, 500)
    await wrongPassword(person.address)
    expect((await wrongPassword(person.address)).status).toBe(429)
    return { person, browser }
  }

  test.each(doors)('changes the password where they are signed in, by %s', async (_, door) => {
    const { person, browser } = await underAttack()
    const changed = await door.changePassword(browser, person.password, newPassword)
    expect(outcomeOf(changed)).toBe('taken')
  })

  test.each(doors)(
    'logs in by %s from a browser that is known, in a new network',
    async (_, door) => {
      const { person, browser } = await underAttack()
      const moved = app.visitor()
      moved.setCookie('__Host-device', browser.cookie('__Host-device') ?? '')
      expect(outcomeOf(await door.logIn(moved, person.address, person.password))).toBe('taken')
    },
  )

  test('has a cookie that helps for no other account, and has a hundred guesses of its own', async () => {
    const { browser } = await underAttack()
    const other = await underAttack()
    const guess = (cookie: string | undefined, address: string) => {
      const thief = app.visitor()
      thief.setCookie('__Host-device', cookie ?? '')
      return wrongPassword(address, thief)
    }
    const cookie = browser.cookie('__Host-device')
    expect((await guess(cookie, other.person.address)).status).toBe(429)
    const { person: owner, browser: known } = await underAttack()
    const stolen = known.cookie('__Host-device')
    const [, claims = ''] = (stolen ?? '').split('.')
    const device: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString())
    const name = typeof device === 'object' && device && 'jti' in device ? String(device.jti) : ''
    await setRun(app, `${owner.address} ${name}`, 100)
    expect((await guess(stolen, owner.address)).status).toBe(401)
    expect((await guess(stolen, owner.address)).status).toBe(429)
  })

  test('resets, and nothing is slow any more', async () => {
    const { person } = await underAttack()
    expect((await chooseByLink(await person.askForLink())).status).toBe(303)
    const answer = await inTurn(1).logIn(app.visitor(), person.address, newPassword)
    expect(outcomeOf(answer)).toBe('taken')
  })

  test('registers it, and is not slowed down', async () => {
    const inbox = mail.inbox()
    await setRun(app, inbox.address, 500)
    await wrongPassword(inbox.address)
    await app.visitor().post('/register', { email: inbox.address })
    const link = (await inbox.next()).link('/register/')
    const chosen = { password: newPassword, confirm_password: newPassword }
    await app.visitor().post(link, { username: 'Ana', ...chosen })
    const answer = await inTurn(0).logIn(app.visitor(), inbox.address, newPassword)
    expect(outcomeOf(answer)).toBe('taken')
  })

  test('has the same account as before', async () => {
    const { person } = await underAttack()
    const select = app.db.prepare(`SELECT * FROM account WHERE address = ?1`).bind(person.address)
    const before = await select.first()
    await times(20, (i) => inTurn(i).logIn(app.visitor(), person.address, wrong))
    await times(3, (i) => inTurn(i).ask(app.visitor(), person.address))
    expect(await select.first()).toEqual(before)
  })
})
