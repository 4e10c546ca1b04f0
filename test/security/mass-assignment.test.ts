/**
 * Nothing is set that nobody was asked for, and only the body of a request
 * counts (ASVS 5.0 §15.3.3, §15.3.7): whatever stands beside its fields, or in
 * the query, changes nothing.
 */
import { randomBytes } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { MailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { dump } from '../database.ts'
import { useApp } from '../use-app.ts'
import { givePerson, type Person } from '../person.ts'
import { Visitor, type VisitorRequest } from '../visitor.ts'
import { doors } from './doors.ts'

let mail: MailServer
let app: App
let eve: Person
let evesAccount: Row | undefined
let wishes: Record<string, string>

useApp(startApp, (started) => ({ mail, app } = started))

beforeAll(async () => {
  eve = await givePerson(app, mail, { username: 'Eve' })
  evesAccount = await accountOf(eve.address)
})

beforeEach(() => {
  const id = randomBytes(9).toString('base64url')
  wishes = {
    ...{ id, account: id, registration: id, session: id, secret_hash: id, legacy_id: id },
    ...{ account_id: String(evesAccount?.['id']), user_id: String(evesAccount?.['id']) },
    ...{ email: eve.address, address: eve.address, address_key: eve.address, to: eve.address },
    ...{ username: 'Eve', password: eve.password, password_hash: '!', token: 'wish' },
    ...{ role: 'admin', is_admin: 'true', proven_at: '1', email_verified: '1', disabled_at: '1' },
    ...{ disabled: '1', credential_version: '99', cv: '99', locale: 'ja', created_at: '1' },
    ...{ purpose: 'reset', state: 'done', next_attempt_at: '9999999999', attempts: '9' },
  }
})

/** Sends every wish beside the fields that were asked for, and all of them in the query. */
class Wisher extends Visitor {
  override send(path: string, { body, ...init }: VisitorRequest = {}) {
    if (typeof body !== 'string') throw new TypeError('There are no fields to wish beside')
    const query = new URLSearchParams(wishes)
    return super.send(`${path}?${query}`, { ...init, body: this.#withWishes(body) })
  }

  #withWishes(body: string): string {
    if (body.startsWith('{')) return JSON.stringify({ ...wishes, ...JSON.parse(body) })
    const fields = Object.fromEntries(new URLSearchParams(body))
    return new URLSearchParams({ ...wishes, ...fields }).toString()
  }
}

const wisher = () => new Wisher(app.url)

type Row = Record<string, unknown>

async function accountOf(address: string): Promise<Row | undefined> {
  return (await dump(app.db)).account.find((row) => row['address'] === address)
}

async function outboxTo(address: string): Promise<Row[]> {
  return (await dump(app.db)).outbox.filter((row) => row['address'] === address)
}

function tokenOf(link: string): string {
  return link.slice(link.lastIndexOf('/') + 1)
}

const newPassword = 'quite another long one'

describe.each(doors)('beside the fields of %s', (_name, door) => {
  test.each([
    ['ask', 'reset'],
    ['register', 'register'],
  ] as const)('nothing else gets into what is kept of an ask (%s)', async (ask, purpose) => {
    const inbox = mail.inbox()
    const evesBefore = await outboxTo(eve.address)
    await app.door({ hold: 'UPDATE outbox SET leased_until' })
    await door[ask](wisher(), inbox.address)
    const rows = await outboxTo(inbox.address)
    await app.door({ hold: '' })
    expect(rows).toEqual([
      expect.objectContaining({ purpose, locale: 'en', account_id: null, state: 'waiting' }),
    ])
    expect(rows[0]).toMatchObject({ address_key: inbox.address, attempts: 0 })
    expect(rows[0]?.['id']).not.toBe(wishes['id'])
    expect(await outboxTo(eve.address)).toEqual(evesBefore)
  })

  test('nothing else gets into a new account', async () => {
    const inbox = mail.inbox()
    await door.register(app.visitor(), inbox.address)
    const token = tokenOf((await inbox.next()).link('/register/'))
    await door.confirm(wisher(), token, newPassword)
    const account = await accountOf(inbox.address)
    expect(account).toMatchObject({
      ...{ address_key: inbox.address, username: 'Ana', locale: 'en', disabled_at: null },
      ...{ legacy_id: null, credential_version: 1 },
      password_hash: expect.stringMatching(/^\$argon2id\$/),
    })
    expect(account?.['id']).not.toBe(wishes['id'])
    for (const name of ['proven_at', 'created_at']) expect(account?.[name]).toBeGreaterThan(1e9)
    expect((await door.logIn(app.visitor(), inbox.address, newPassword)).status).toBeLessThan(400)
  })

  test('nothing else is changed by a reset, and nothing of another account', async () => {
    const ana = await givePerson(app, mail)
    const before = await accountOf(ana.address)
    await door.redeem(wisher(), tokenOf(await ana.askForLink()), newPassword)
    await expectOnlyThePasswordIsNew(ana, before)
  })

  test('nothing else is changed with a password, and nothing of another account', async () => {
    const ana = await givePerson(app, mail)
    const before = await accountOf(ana.address)
    const browser = await ana.logIn(wisher())
    await door.changePassword(browser, ana.password, newPassword)
    await expectOnlyThePasswordIsNew(ana, before)
  })

  async function expectOnlyThePasswordIsNew(ana: Person, before: Row | undefined) {
    const { password_hash, ...after } = (await accountOf(ana.address)) ?? {}
    expect(password_hash).toMatch(/^\$argon2id\$/)
    expect({ ...after, credential_version: 1, password_hash: before?.['password_hash'] }).toEqual(
      before,
    )
    expect(after['credential_version']).toBe(2)
    expect((await door.logIn(app.visitor(), ana.address, newPassword)).status).toBeLessThan(400)
    expect(await accountOf(eve.address)).toEqual(evesAccount)
  }

  test('nothing else gets into a session', async () => {
    const ana = await givePerson(app, mail)
    const account = await accountOf(ana.address)
    await door.logIn(wisher(), ana.address, ana.password)
    const { session } = await dump(app.db)
    const [own, ...more] = session.filter((row) => row['account_id'] === account?.['id'])
    expect(more).toEqual([])
    expect(own).toMatchObject({ credential_version: 1, browser: 'Firefox' })
    expect(own?.['id']).not.toBe(wishes['id'])
    expect(own?.['secret_hash']).not.toBe(wishes['id'])
    expect(own?.['created_at']).toBeGreaterThan(1e9)
  })
})
