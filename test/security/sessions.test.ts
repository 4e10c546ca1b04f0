/**
 * Sessions: who is signed in, for how long, and what ends it (ASVS 5.0 §7). Under FULL
 * more hang up.
 */
import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { MailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { full } from '../full.ts'
import { useApp } from '../use-app.ts'
import { givePerson, type Person } from '../person.ts'
import type { Visitor } from '../visitor.ts'
import { times } from './attackers.ts'

const day = 24 * 3600
const newPassword = 'quite another long one'
const chosen = { password: newPassword, confirm_password: newPassword }

let mail: MailServer
let app: App

useApp(startApp, (started) => ({ mail, app } = started))

async function isSignedIn(visitor: Visitor): Promise<boolean> {
  return (await visitor.get('/account')).status === 200
}

async function sessionsOf(person: Person): Promise<string[]> {
  const { results } = await app.db
    .prepare(
      `SELECT session.id FROM session JOIN account ON account.id = account_id WHERE address = ?1`,
    )
    .bind(person.address)
    .all<{ id: string }>()
  return results.map(({ id }) => id)
}

describe('a session', () => {
  test('is 256 random bits in a __Host- cookie, and its hash in the database', async () => {
    const person = await givePerson(app, mail)
    const browser = app.visitor()
    const answer = await browser.post('/login', {
      email: person.address,
      password: person.password,
    })
    const cookie = answer.headers.getSetCookie().find((each) => each.startsWith('__Host-session='))
    expect(cookie).toMatch(
      /^__Host-session=[A-Za-z0-9_-]{43}; Max-Age=5184000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    const secret = browser.cookie('__Host-session') ?? ''
    const hash = createHash('sha256').update(secret).digest('base64url')
    const find = (text: string) =>
      app.db.prepare(`SELECT id FROM session WHERE secret_hash = ?1`).bind(text).first()
    expect(await find(hash)).not.toBeNull()
    expect(await find(secret)).toBeNull()
    const thief = app.visitor()
    thief.setCookie('__Host-session', hash)
    expect(await isSignedIn(thief)).toBe(false)
  })

  test('has a new id at every log-in, and the one before it ends', async () => {
    const person = await givePerson(app, mail)
    const browser = await person.logIn()
    const first = browser.cookie('__Host-session') ?? ''
    await person.logIn(browser)
    expect(browser.cookie('__Host-session')).not.toBe(first)
    const replay = app.visitor()
    replay.setCookie('__Host-session', first)
    expect(await isSignedIn(replay)).toBe(false)
    expect(await sessionsOf(person)).toHaveLength(1)
  })

  test('is not adopted from a cookie that was planted', async () => {
    const person = await givePerson(app, mail)
    const browser = app.visitor()
    const planted = 'A'.repeat(43)
    browser.setCookie('__Host-session', planted)
    await person.logIn(browser)
    expect(browser.cookie('__Host-session')).not.toBe(planted)
    const attacker = app.visitor()
    attacker.setCookie('__Host-session', planted)
    expect(await isSignedIn(attacker)).toBe(false)
  })

  test('stays when somebody else fails to log in over it', async () => {
    const person = await givePerson(app, mail)
    const browser = await person.signIn()
    const wrong = { email: person.address, password: 'not the password' }
    expect((await browser.post('/login', wrong)).status).toBe(401)
    expect(await isSignedIn(browser)).toBe(true)
  })

  test.each(['', 'x', 'A'.repeat(42), 'A'.repeat(44), `' OR 1=1--`, '%00', 'A'.repeat(5000)])(
    'is nobody’s with the cookie %.20j',
    async (cookie) => {
      const visitor = app.visitor()
      visitor.setCookie('__Host-session', cookie)
      expect(await visitor.get('/account')).toMatchObject({ status: 303, location: '/login' })
      expect((await visitor.post('/account/password', chosen)).status).toBe(401)
    },
  )

  test('ends on the server at log-out', async () => {
    const person = await givePerson(app, mail)
    const browser = await person.signIn()
    const secret = browser.cookie('__Host-session') ?? ''
    const out = await browser.post('/logout', {})
    expect(out).toMatchObject({ status: 303, location: '/login' })
    expect(browser.cookie('__Host-session')).toBeUndefined()
    const replay = app.visitor()
    replay.setCookie('__Host-session', secret)
    expect(await isSignedIn(replay)).toBe(false)
  })
})

describe('the account page', () => {
  test('lists the sessions and ends one of them', async () => {
    const person = await givePerson(app, mail)
    const [laptop, phone] = [await person.signIn(), await person.signIn()]
    const page = await laptop.get('/account')
    const ids = [...page.body.matchAll(/name="session" value="([\w-]+)"/g)].map(([, id]) => id)
    expect(ids).toHaveLength(1)
    expect(await sessionsOf(person)).toEqual(expect.arrayContaining(ids))
    const ended = await laptop.post('/account/sessions/revoke', { session: ids[0] ?? '' })
    expect(ended).toMatchObject({ status: 303, location: '/account' })
    expect(await Promise.all([laptop, phone].map(isSignedIn))).toEqual([true, false])
  })

  test('ends all others', async () => {
    const person = await givePerson(app, mail)
    const browsers = [await person.signIn(), await person.signIn(), await person.signIn()]
    await browsers[0]?.post('/account/sessions/revoke', { all: '1' })
    expect(await Promise.all(browsers.map(isSignedIn))).toEqual([true, false, false])
  })

  test('ends nothing of another account', async () => {
    const [ana, eve] = [await givePerson(app, mail), await givePerson(app, mail)]
    const [victim, attacker] = [await ana.signIn(), await eve.signIn()]
    const [id = ''] = await sessionsOf(ana)
    const answer = await attacker.post('/account/sessions/revoke', { session: id })
    const nonsense = await attacker.post('/account/sessions/revoke', { session: 'nonsense' })
    expect({ ...answer, headers: null }).toEqual({ ...nonsense, headers: null })
    expect(await isSignedIn(victim)).toBe(true)
  })
})

describe('time ends a session', () => {
  test('two weeks without a visit do, a visit in between does not', async () => {
    await using own = await startApp({ mail })
    const person = await givePerson(own, mail)
    const browser = await person.signIn()
    await own.advance(13 * day)
    expect(await isSignedIn(browser)).toBe(true)
    await own.advance(13 * day)
    expect(await isSignedIn(browser)).toBe(true)
    await own.advance(14 * day)
    expect(await isSignedIn(browser)).toBe(false)
  })

  test('sixty days do, however often one visits; and the row is deleted in time', async () => {
    await using own = await startApp({ mail })
    const person = await givePerson(own, mail)
    const browser = await person.signIn()
    for (let days = 10; days < 60; days += 10) {
      await own.advance(10 * day)
      expect(await isSignedIn(browser)).toBe(true)
    }
    await own.advance(10 * day)
    expect(await isSignedIn(browser)).toBe(false)
    await own.advance(5 * day)
    await own.sweep()
    const { results } = await own.db.prepare(`SELECT id FROM session`).all()
    expect(results).toEqual([])
  })
})

describe('a changed password', () => {
  test('ends all sessions but a new one of this browser', async () => {
    const person = await givePerson(app, mail)
    const [here, there] = [await person.signIn(), await person.signIn()]
    const old = here.cookie('__Host-session') ?? ''
    const change = { current_password: person.password, ...chosen }
    const answer = await here.post('/account/password', change)
    expect(answer).toMatchObject({ status: 303, location: '/account?notice=password-changed' })
    const replay = app.visitor()
    replay.setCookie('__Host-session', old)
    expect(await Promise.all([here, there, replay].map(isSignedIn))).toEqual([true, false, false])
  })

  test('needs the current one: 401 without or with a wrong one, and nothing ends', async () => {
    const person = await givePerson(app, mail)
    const [here, there] = [await person.signIn(), await person.signIn()]
    for (const current of ['', 'not the password', chosen.password]) {
      const answer = await here.post('/account/password', { current_password: current, ...chosen })
      expect(answer.status).toBe(401)
    }
    expect(await Promise.all([here, there].map(isSignedIn))).toEqual([true, true])
  })

  test('kills the links that are out', async () => {
    const person = await givePerson(app, mail)
    const link = await person.askForLink()
    const browser = await person.signIn()
    await browser.post('/account/password', { current_password: person.password, ...chosen })
    expect((await app.visitor().post(link, chosen)).status).toBe(410)
  })
})

describe('a reset', () => {
  test('sets no cookie, and no session outlives it', async () => {
    const person = await givePerson(app, mail)
    const browsers = [await person.signIn(), await person.signIn(), await person.signIn()]
    const link = await person.askForLink()
    const answer = await browsers[0]?.post(link, chosen)
    expect(answer?.headers.getSetCookie()).toEqual([])
    expect(await Promise.all(browsers.map(isSignedIn))).toEqual([false, false, false])
  })

  test('is for the account of the token, whoever is signed in and whatever else is sent', async () => {
    const [ana, eve] = [await givePerson(app, mail), await givePerson(app, mail)]
    const browser = await eve.signIn()
    const more = { email: eve.address, user_id: eve.address, account: eve.address, role: 'admin' }
    const answer = await browser.post(await ana.askForLink(), { ...chosen, ...more })
    expect(answer.status).toBe(303)
    expect(await isSignedIn(browser)).toBe(true)
    const old = { email: ana.address, password: ana.password }
    expect((await app.visitor().post('/login', old)).status).toBe(401)
  })
})

test('an account that is disabled looks like a wrong password, and its sessions and links are dead', async () => {
  const person = await givePerson(app, mail)
  const browser = await person.signIn()
  const link = await person.askForLink()
  await app.db
    .prepare(`UPDATE account SET disabled_at = 1 WHERE address = ?1`)
    .bind(person.address)
    .run()
  expect(await isSignedIn(browser)).toBe(false)
  expect((await app.visitor().get(link)).status).toBe(410)
  expect((await app.visitor().post(link, chosen)).status).toBe(410)
  const right = { email: person.address, password: person.password }
  const [known, wrong] = [
    await app.visitor().post('/login', right),
    await app.visitor().post('/login', { ...right, password: 'x' }),
  ]
  expect(known.status).toBe(401)
  expect(known.body).toBe(wrong.body)
})

describe('a client that hangs up', () => {
  /** Sends a log-in and resets the connection. */
  async function hangUp(person: Person, after: number): Promise<void> {
    const body = new URLSearchParams({ email: person.address, password: 'not the password' })
    const socket = connect(Number(app.url.port), app.url.hostname)
    socket.on('error', () => {})
    socket.write(
      `POST /login HTTP/1.1\r\nHost: x\r\nCF-Connecting-IP: 192.0.2.${Math.floor(after)}\r\nSec-Fetch-Site: same-origin\r\n` +
        `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.toString().length}\r\n\r\n${body}`,
    )
    await pause(after)
    socket.resetAndDestroy()
  }

  /** In milliseconds. */
  async function took(action: () => Promise<unknown>): Promise<number> {
    const started = performance.now()
    await action()
    return performance.now() - started
  }

  test('while it waits for a hash, or while it is hashed, stops nobody', async () => {
    const person = await givePerson(app, mail)
    const wrong = { email: person.address, password: 'not the password' }
    const usual = await took(() =>
      Promise.all([times(4, () => app.visitor().post('/login', wrong)), person.logIn()]),
    )
    await Promise.all([10, 15, 20, 25].map((after) => hangUp(person, after)))
    // Four hashes of theirs at the most, as usual; one dead head takes two seconds.
    expect(await took(() => person.logIn())).toBeLessThan(usual + 1_500)
  })

  test('is not worth more than its own hash, however many do so', async () => {
    const person = await givePerson(app, mail)
    await Promise.all(Array.from({ length: full ? 40 : 12 }, (_, i) => hangUp(person, 5 + 4 * i)))
    expect(await took(() => person.logIn())).toBeLessThan(8_000)
  })
})
