/**
 * Limits, one by one: each bites at its figure, shows only where the design says,
 * cannot be slipped past by many requests at once or by the other door, and leaves
 * the owner a way in (ASVS 5.0 §6.3.1, §2.4.1). Those of passwords are in
 * password-limits.test.ts. FULL comes by each door alone, too, and in larger crowds.
 */
import { describe, expect, test } from 'vitest'
import type { MailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { untilRecorded } from '../journeys/steps.ts'
import { useApp } from '../use-app.ts'
import { givePerson } from '../person.ts'
import type { Answer } from '../visitor.ts'
import { lowLimits, newNetwork, times } from './attackers.ts'
import { full } from '../full.ts'
import { doors, inTurn, outcomeOf, outcomesOf, ways, waitOf } from './doors.ts'

const newPassword = 'quite another long one'
/** Where it is not the figure that a limit is reached by. */
const crowd = full ? 100 : 20

let mail: MailServer
let app: App

useApp(startApp, (started) => ({ mail, app } = started), { settings: lowLimits })

const asks = [
  ['ask', 'a reset'],
  ['register', 'a registration'],
] as const

describe.each(ways)('asks by %s, per client', (_way, door) => {
  test.each(asks)('%s: 50 at once for %s, five are taken, whoever they are for', async (ask) => {
    const person = await givePerson(app, mail)
    const ip = newNetwork()
    const emailOf = (i: number) => (i % 4 < 2 ? person.address : `${ask}${i}@example.test`)
    const answers = await times(50, (i) => door(i)[ask](app.visitor(ip), emailOf(i)))
    expect(outcomesOf(answers)).toEqual({ taken: 5, throttled: 45 })
  })
})

describe('asks, per client', () => {
  test.each(doors)('the 429 of %s is the same for every address', async (_door, door) => {
    const person = await givePerson(app, mail)
    const ip = newNetwork()
    await times(6, (i) => door.ask(app.visitor(ip), `x${i}@example.test`))
    const known = await door.ask(app.visitor(ip), person.address)
    const unknown = await door.ask(app.visitor(ip), 'nobody@example.test')
    expect(waitOf(known)).toBeLessThanOrEqual(600)
    expect(known.body).toBe(unknown.body)
  })

  test('a window ends', async () => {
    await using own = await startApp({ mail, settings: lowLimits })
    const visitor = own.visitor()
    const ask = (i = 0) => inTurn(i).ask(visitor, 'ana@example.test')
    for (let i = 0; i < 5; i++) expect(outcomeOf(await ask(i))).toBe('taken')
    const wait = waitOf(await ask())
    await own.advance(wait - 2)
    expect(outcomeOf(await ask(1))).toBe('throttled')
    await own.advance(2)
    expect(outcomeOf(await ask(1))).toBe('taken')
  })

  test('one that is turned away adds no mail, and only the first of a window an audit row', async () => {
    const ip = newNetwork()
    await times(20, (i) => inTurn(i).ask(app.visitor(ip), `y${i}@example.test`))
    const { results } = await app.db
      .prepare(
        `SELECT event, count(*) AS n FROM audit WHERE network = ?1 GROUP BY event ORDER BY 1`,
      )
      .bind(ip)
      .all()
    expect(results).toEqual([
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
    await times(10, (i) => inTurn(i).ask(app.visitor(ip), 'z@example.test'))
    for (const [, door] of doors) {
      expect(outcomeOf(await door.ask(app.visitor(), 'z@example.test'))).toBe('taken')
    }
  })

  test('a client is its network: forged headers change nothing, IPv6 counts by /64, a mapped IPv4 as itself', async () => {
    const mapped = newNetwork()
    for (const networks of [
      (i: number) => `2001:db8:77:1::${i + 1}`,
      (i: number) => (i % 2 ? mapped : `::ffff:${mapped}`),
    ]) {
      const answers: Answer[] = []
      for (let i = 0; i < 8; i++) {
        const forged = {
          'X-Forwarded-For': `192.0.2.${i}`,
          Forwarded: `for=192.0.2.${i}`,
          'X-Real-IP': `192.0.2.${i}`,
          'True-Client-IP': `192.0.2.${i}`,
        }
        const visitor = app.visitor(networks(i))
        answers.push(await inTurn(i).register(visitor, 'w@example.test', forged))
      }
      expect(outcomesOf(answers)).toEqual({ taken: 5, throttled: 3 })
    }
  })
})

describe.each(ways)('posts to links by %s, per client', (_way, door) => {
  test('50 wrong tokens at once: six are looked at; the owner’s link works from elsewhere', async () => {
    const person = await givePerson(app, mail)
    const token = (await person.askForLink()).split('/').at(-1) ?? ''
    const ip = newNetwork()
    const answers = await times(50, (i) =>
      door(i).redeem(app.visitor(ip), `wrong${i}`, newPassword),
    )
    expect(outcomesOf(answers)).toEqual({ dead: 6, throttled: 44 })
    expect(waitOf(await door(0).redeem(app.visitor(ip), token, newPassword))).toBeLessThanOrEqual(
      600,
    )
    expect(outcomeOf(await door(1).redeem(app.visitor(), token, newPassword))).toBe('taken')
  })
})

test('opening a link is not counted', async () => {
  const ip = newNetwork()
  const answers = await times(20, () => app.visitor(ip).get('/reset_password/wrong'))
  expect(outcomesOf(answers)).toEqual({ dead: 20 })
})

/** How many mails to an address went out. */
function sentTo(address: string): Promise<number | null> {
  return app.db
    .prepare(`SELECT count(*) AS n FROM outbox WHERE address = ?1 AND result = 'sent'`)
    .bind(address)
    .first<number>('n')
}

describe('link mails, per address', () => {
  test(`${crowd} asks from as many networks mail three; the answers do not tell; the last link works`, async () => {
    const person = await givePerson(app, mail)
    const answers: Answer[] = []
    for (let i = 0; i < crowd; i++) {
      answers.push(await inTurn(i).ask(app.visitor(), person.address))
      if (i % 4 === 3) await untilRecorded(app)
    }
    expect(outcomesOf(answers)).toEqual({ taken: crowd })
    expect(await sentTo(person.address)).toBe(3)
    const last = (await person.inbox.waiting()).at(-1)?.link('/reset_password/') ?? ''
    const chosen = { password: newPassword, confirm_password: newPassword }
    expect((await app.visitor().post(last, chosen)).status).toBe(303)
  })
})

describe.each(ways)('link mails, by %s', (_way, door) => {
  test.each(asks)('%s: many networks at once, four times, for %s, mail three', async (ask) => {
    const inbox = ask === 'ask' ? (await givePerson(app, mail)).inbox : mail.inbox()
    for (let round = 0; round < 4; round++) {
      const answers = await times(crowd, (i) => door(i)[ask](app.visitor(), inbox.address))
      expect(outcomesOf(answers)).toEqual({ taken: crowd })
      await untilRecorded(app, inbox.address)
    }
    expect(await sentTo(inbox.address)).toBe(3)
    expect(await inbox.waiting()).toHaveLength(3)
  })

  test('whoever keeps asking to register an address does not keep its owner from a link', async () => {
    const person = await givePerson(app, mail)
    for (let i = 0; i < 12; i++) {
      await door(i).register(app.visitor(), person.address)
      await untilRecorded(app)
    }
    await door(0).ask(app.visitor(), person.address)
    await untilRecorded(app)
    const mails = await person.inbox.waiting()
    expect(mails.at(-1)?.link('/reset_password/')).toContain('/reset_password/')
    const told = mails.filter(({ subject }) => /account/i.test(subject))
    expect(told.length).toBeLessThanOrEqual(3)
  })
})

describe.each(ways)('mails in all, asked for by %s', (_way, door) => {
  const most = 6
  const settings = { LIMIT_MAIL_TOTAL: String(most) }

  /** How many mails were sent, and how many wait for the next hour; none is lost. */
  async function mailsOf({ db }: App) {
    return db
      .prepare(
        `SELECT count(*) FILTER (WHERE result = 'sent') AS sent,
           count(*) FILTER (WHERE last_reply = 'LIMIT_MAIL_TOTAL is reached') AS waiting FROM outbox`,
      )
      .first()
  }

  test('of fifty at once six go out in the hour; no answer tells; resets come before registrations', async () => {
    await using own = await startApp({ mail, settings })
    const person = await givePerson(own, mail)
    const answers = await times(50, (i) =>
      door(i).register(own.visitor(), `total${i}@example.test`),
    )
    expect(outcomesOf(answers)).toEqual({ taken: 50 })
    await expect.poll(() => mailsOf(own), { timeout: 10_000 }).toEqual({ sent: most, waiting: 44 })

    expect(outcomeOf(await door(0).ask(own.visitor(), person.address))).toBe('taken')
    await expect.poll(() => mailsOf(own), { timeout: 10_000 }).toEqual({ sent: most, waiting: 45 })
    await person.inbox.none({ filter: { subject: /new password/i } })
    expect(outcomeOf(await door(1).logIn(own.visitor(), person.address, person.password))).toBe(
      'taken',
    )

    await own.advance(3600)
    await own.sweep()
    const token = (await person.inbox.next({ subject: /new password/i })).link('/reset_password/')
    await expect
      .poll(() => mailsOf(own), { timeout: 10_000 })
      .toEqual({ sent: 2 * most, waiting: 39 })
    const redeemed = await door(0).redeem(own.visitor(), token.split('/').at(-1) ?? '', newPassword)
    expect(outcomeOf(redeemed)).toBe('taken')
  })
})
