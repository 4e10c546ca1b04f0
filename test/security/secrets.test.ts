/**
 * What must never be written down: tokens, passwords, cookies, whole links and,
 * in the audit table, whole addresses (ASVS 5.0 §16.2.5); and what must be.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import type { MailServer } from '../../harness/index.ts'
import { listAudit } from '../../src/store/audit.ts'
import { type App, startApp } from '../app.ts'
import { dump } from '../database.ts'
import { useApp } from '../use-app.ts'
import { givePerson } from '../person.ts'

const newPassword = 'quite another long one'
const chosen = { password: newPassword, confirm_password: newPassword }
const wrongPassword = 'a wrong one, typed by mistake'

let mail: MailServer
let app: App
let output = ''

useApp(startApp, (started) => ({ mail, app } = started), { onOutput: (text) => (output += text) })

function all(event: string | null = null) {
  return listAudit(app.db, { event, accountId: null, since: null, most: 1000 })
}

describe('after everything that can happen to an account', () => {
  const secrets: Record<string, string> = { newPassword, wrongPassword }
  let address = ''

  beforeAll(async () => {
    const person = await givePerson(app, mail)
    address = person.address
    const browser = await person.logIn()
    secrets['session'] = browser.cookie('__Host-session') ?? ''
    secrets['device'] = browser.cookie('__Host-device') ?? ''
    const link = await person.askForLink()
    secrets['token'] = link.split('/').at(-1) ?? ''
    secrets['signature'] = secrets['token']?.split('.').at(-1) ?? ''
    secrets['password'] = person.password
    await app.visitor().post('/login', { email: address, password: wrongPassword })
    // A password in the wrong field, with an @ in it.
    await app.visitor().post('/login', { email: `${wrongPassword}@x y`, password: 'x' })
    await browser.post('/account/password', { current_password: wrongPassword, ...chosen })
    await browser.post(link, { password: 'short', confirm_password: 'short' })
    await app.door({ away: true })
    await browser.post(link, chosen)
    await app.door({ away: false })
    await browser.post(link, chosen)
    await browser.post(link, chosen)
    const again = await person.logIn(app.visitor()).catch(() => app.visitor())
    await again.post('/login', { email: address, password: newPassword })
    await again.post('/account/sessions/revoke', { all: '1' })
    await again.post('/logout', {})
    await pause(300)
  })

  test('no line of output holds a secret, a link or an address', () => {
    expect(output).toContain('"event":"delivery"')
    expect(output).toContain('"event":"database-away"')
    for (const [name, secret] of Object.entries(secrets)) {
      expect(secret, name).not.toBe('')
      expect(output.includes(secret), name).toBe(false)
    }
    expect(output).not.toMatch(/reset_password\/(?!:token)[\w.-]{8,}/)
    expect(output).not.toContain(address)
  })

  test('no row of any table holds a secret', async () => {
    const rows = JSON.stringify(await dump(app.db))
    for (const [name, secret] of Object.entries(secrets)) {
      expect(rows.includes(secret), name).toBe(false)
    }
  })

  test('the audit rows mask the address, and nothing else of it is there', async () => {
    const rows = await all()
    const texts = rows.map((row) => row.address).filter((text) => text !== null)
    expect(texts.every((text) => /^\S?\*\*\*@[^@\s]*$/u.test(text))).toBe(true)
    expect(JSON.stringify(rows)).not.toContain(address.split('@')[0])
  })

  test('a row says when, whose, and from which network', async () => {
    const [row] = await all('password-reset')
    expect(row).toMatchObject({
      network: expect.stringMatching(/^198\.18\./),
      address: expect.any(String),
    })
    expect(row?.account_id).toMatch(/^[\w-]{12}$/)
    expect(Math.abs((row?.at ?? 0) - Date.now() / 1000)).toBeLessThan(120)
  })
})

describe('the audit table', () => {
  test('is never changed, and loses nothing that is not a year old', async () => {
    const run = (sql: string) => app.db.prepare(sql).run()
    await expect(run(`UPDATE audit SET event = 'nothing'`)).rejects.toThrow(/never changed/)
    await expect(run(`DELETE FROM audit`)).rejects.toThrow(/kept for a year/)
  })

  test('loses what is older than a year with the sweep', async () => {
    await using own = await startApp({ mail })
    await own.visitor().post('/reset_password', { email: 'a@example.test' })
    await own.advance(366 * 24 * 3600)
    await own.visitor().post('/login', { email: 'a@example.test', password: 'x' })
    await own.sweep()
    const { audit, wrong_password_run } = await dump(own.db)
    expect(audit.map(({ event }) => event)).toEqual(['login-failed'])
    expect(wrong_password_run).toHaveLength(1)
    await own.advance(25 * 3600)
    await own.sweep()
    expect((await dump(own.db)).wrong_password_run).toEqual([])
  })
})

test('keys rotate without breaking links that are out', async () => {
  await using own = await startApp({
    mail,
    settings: { SECRET_KEY: 'the old key is at least 32 bytes long' },
  })
  const person = await givePerson(own, mail)
  const link = await person.askForLink()
  const { audit: _, ...rows } = await dump(own.db)
  const settings = {
    SECRET_KEY: 'the new key is at least 32 bytes long',
    SECRET_KEY_FALLBACKS: 'the old key is at least 32 bytes long',
  }
  await using rotated = await startApp({ mail, settings })
  await using cut = await startApp({ mail, settings: { SECRET_KEY: settings.SECRET_KEY } })
  for (const { db } of [rotated, cut]) {
    for (const row of rows.account) {
      const names = Object.keys(row)
      const marks = names.map((_name, i) => `?${i + 1}`).join(', ')
      await db
        .prepare(`INSERT INTO account (${names.join(', ')}) VALUES (${marks})`)
        .bind(...Object.values(row))
        .run()
    }
  }
  expect((await cut.visitor().post(link, chosen)).status).toBe(410)
  expect((await rotated.visitor().post(link, chosen)).status).toBe(303)
})
