/**
 * Accepted means kept: whatever the mail server does, every mail that was asked
 * for arrives, and once. FULL asks for 25 batches of mail while the server is away.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FaultOptions, type MailServer, startMailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { seedOutbox } from '../database.ts'
import { full } from '../full.ts'
import { useApp } from '../use-app.ts'

let mail: MailServer
let app: App

useApp(startApp, (started) => ({ mail, app } = started))

/** Of the delivery: so many rows of the outbox are claimed at once. */
const BATCH = 20
const asks = (full ? 25 : 5) * BATCH

describe('a mail server that is away', () => {
  test(
    `delays the mail of ${asks} asks and loses none, once it is up`,
    { timeout: 120_000 },
    async () => {
      const down = await startMailServer()
      await using away = await startApp({ mail: down })
      const { port } = down.smtp
      await down.stop()
      const addresses = Array.from({ length: asks }, (_, index) => `person-${index}@example.test`)
      await seedAccounts(away, addresses)
      for (const some of chunks(addresses, 25)) {
        const answers = await Promise.all(
          some.map((email) => away.visitor().post('/reset_password', { email })),
        )
        expect(answers.map(({ status }) => status)).toEqual(some.map(() => 303))
      }
      expect(await count(away, `state = 'waiting'`)).toBe(asks)

      await sweepUntilAllWereTried(away)
      await using up = await startMailServer({ smtpPort: port })
      await away.advance(3600)
      await sweepUntilEmpty(away)
      const messages = await up.messages()
      const recipients = messages.map(({ envelope }) => envelope.to[0])
      expect(new Set(recipients)).toEqual(new Set(addresses))
      expect(recipients).toHaveLength(asks)
      expect(await count(away, `state = 'waiting'`)).toBe(0)
      for (const some of chunks(messages, 25)) {
        const links = some.map((message) => message.link('/reset_password/'))
        const answers = await Promise.all(links.map((link) => away.visitor().get(link)))
        expect(answers.every(({ status }) => status === 200)).toBe(true)
      }
    },
  )
})

describe('delivery', () => {
  test('by five sweeps at once sends each mail once', async () => {
    const addresses = Array.from({ length: 60 }, (_, index) => `sweep-${index}@sweeps.example.test`)
    await seedDue(addresses)
    await Promise.all(Array.from({ length: 5 }, () => app.sweep()))
    const recipients = await recipientsAt('sweeps.example.test')
    expect(recipients.toSorted()).toEqual(addresses.toSorted())
  })

  test('of one refused recipient costs the others nothing', async () => {
    const addresses = Array.from({ length: 10 }, (_, index) => `row-${index}@refused.example.test`)
    using _ = mail.fail({
      at: 'rcpt',
      to: 'row-4@refused.example.test',
      code: 550,
      text: '5.1.1 No such user',
    })
    await seedDue(addresses)
    await app.sweep()
    const recipients = await recipientsAt('refused.example.test')
    expect(recipients.toSorted()).toEqual(addresses.toSpliced(4, 1))
    const row = await rowOf(app, 'row-4@refused.example.test')
    expect(row).toMatchObject({
      state: 'failed',
      result: 'refused',
      last_reply: expect.stringContaining('550 5.1.1'),
    })
  })

  test('uses one connection for a batch', async () => {
    const before = mail.transcripts.length
    await seedDue(Array.from({ length: 20 }, (_, index) => `batch-${index}@example.test`))
    await app.sweep()
    expect(mail.transcripts.length - before).toBe(1)
  })

  test('of a row that somebody else holds waits until the lease is over', async () => {
    const inbox = mail.inbox('leased@example.test')
    await seedDue(['leased@example.test'])
    await app.db
      .prepare(`UPDATE outbox SET leased_until = ?1 WHERE address_key = 'leased@example.test'`)
      .bind((await nowOf(app)) + 30)
      .run()
    await app.sweep()
    await inbox.none()
    await app.advance(31)
    await app.sweep()
    await inbox.next()
  })

  test('asks for an address that waits add no second row', async () => {
    using _ = mail.fail({ at: 'connect', drop: true })
    for (let ask = 0; ask < 5; ask++) {
      await app.visitor().post('/register', { email: 'impatient@example.test' })
    }
    expect(await count(app, `address_key = 'impatient@example.test'`)).toBe(1)
    await sweepUntilAllWereTried(app)
  })

  test('leaves a row that no link can name any more to be pruned', async () => {
    await seedDue(['old@example.test'])
    await app.sweep()
    expect(await count(app, `address_key = 'old@example.test'`)).toBe(1)
    await app.advance(2 * 24 * 3600)
    await app.sweep()
    expect(await count(app, `address_key = 'old@example.test'`)).toBe(0)
  })
})

describe('a broken mail server', () => {
  const stages = ['connect', 'banner', 'ehlo', 'mail', 'rcpt', 'data', 'after-data'] as const
  const ways: Record<string, Omit<FaultOptions, 'at'>> = {
    closes: { drop: true },
    'says nothing': { hang: true },
    'says 421': { code: 421 },
    'says 451': { code: 451 },
    'says 550': { code: 550 },
    'says half a line': { half: 'drop' },
  }
  const cases = stages.flatMap((at) => Object.entries(ways).map(([how, way]) => ({ at, how, way })))

  beforeAll(() => app.door({ patience: 400 }))
  afterAll(() => app.door({ patience: 0 }))

  test.each(cases)(
    'that $how at $at changes no answer, and the row ends as it should',
    async ({ at, how, way }) => {
      const email = `${at}-${how.replaceAll(' ', '-')}@faults.example.test`
      const inbox = mail.inbox(email)
      const fault = mail.fail({ at, ...way })
      await seedDue([email])
      const [answer] = await Promise.all([app.visitor().get('/login'), app.sweep()])
      expect(answer.status).toBe(200)
      fault.remove()
      const refusedForGood =
        how === 'says 550' && ['mail', 'rcpt', 'data', 'after-data'].includes(at)
      const row = await rowOf(app, email)
      expect(row).toMatchObject({ state: refusedForGood ? 'failed' : 'waiting', attempts: 1 })
      if (refusedForGood) return inbox.none()
      await app.advance(60)
      await app.sweep()
      await inbox.next()
      expect(await rowOf(app, email)).toMatchObject({ state: 'done', result: 'sent' })
    },
  )
})

/** Of every mail that came for a domain, in the order of arrival. */
async function recipientsAt(domain: string): Promise<string[]> {
  const recipients = (await mail.messages()).flatMap(({ envelope }) => envelope.to)
  return recipients.filter((address) => address.endsWith(`@${domain}`))
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  const starts = Array.from({ length: Math.ceil(items.length / size) }, (_, index) => index * size)
  return starts.map((start) => items.slice(start, start + size))
}

async function nowOf({ door }: App): Promise<number> {
  return Math.floor(Date.now() / 1000) + (await door({})).ahead
}

async function seedAccounts({ db }: App, addresses: readonly string[]): Promise<void> {
  const insert = db.prepare(
    `INSERT INTO account (id, address, address_key, username, password_hash, locale, proven_at, created_at)
     VALUES (?1, ?2, ?2, 'Ana', 'none', 'en', 0, 0)`,
  )
  await db.batch(addresses.map((address, index) => insert.bind(`account-${index}`, address)))
}

/** Rows as asks for a registration leave them, without a delivery that starts at once. */
async function seedDue(addresses: readonly string[]): Promise<void> {
  await seedOutbox(app, addresses, await nowOf(app))
}

async function count({ db }: App, condition: string): Promise<number> {
  const row = await db
    .prepare(`SELECT count(*) AS count FROM outbox WHERE ${condition}`)
    .first<{ count: number }>()
  return row?.count ?? 0
}

/**
 * Deliveries that the queue started are over: the test's clock must not jump under
 * them. Each gives up with its first batch while the mail server is away, and the rest is for sweeps.
 */
async function sweepUntilAllWereTried(some: App): Promise<void> {
  const open = () => count(some, `state = 'waiting' AND (attempts = 0 OR leased_until > 0)`)
  const deadline = performance.now() + 20_000
  while ((await open()) > 0 && performance.now() < deadline) await some.sweep()
  expect(await open()).toBe(0)
}

/** A delivery that the queue started may still be at work on some rows, or may have just postponed them. */
async function sweepUntilEmpty(some: App): Promise<void> {
  for (let sweep = 0; sweep < 5 && (await count(some, `state = 'waiting'`)) > 0; sweep++) {
    await some.sweep()
    await sweepUntilAllWereTried(some)
    await some.advance(60)
  }
}

function rowOf({ db }: App, address: string) {
  return db.prepare(`SELECT * FROM outbox WHERE address_key = ?1`).bind(address).first()
}
