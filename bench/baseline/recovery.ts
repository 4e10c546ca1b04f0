/**
 * The whole way back in with nothing that makes it safe: no token, no limit, no
 * check, no audit, no page. What is left is what no service can be without: each
 * request looks up or writes one row, a password costs one hash, a mail is sent. So
 * it is the least that a machine does this in.
 */
import type { D1Database } from '@cloudflare/workers-types'
import { Hono } from 'hono'
import { newId, secureRandom } from '../../src/account/random.ts'
import { hashOnce } from './hash.ts'
import { type MailServerAddress, sendLinks } from './mail.ts'

export interface Env {
  DB: D1Database
  MAIL_SERVER: string
  MAIL_PORT: string
}

export const recovery = new Hono<{ Bindings: Env }>()

recovery.post('/reset_password', async (c) => {
  const { email } = await c.req.parseBody<{ email: string }>()
  await insertAsk(c.env.DB, email)
  c.executionCtx.waitUntil(sendLinks(mailServer(c.env), [email]))
  return c.redirect('/sent', 303)
})

recovery.get('/reset_password/:address', async (c) => {
  const account = await find(c.env.DB, c.req.param('address'))
  return account === null ? c.notFound() : c.text('Choose a new password')
})

recovery.post('/reset_password/:address', async (c) => {
  await c.req.parseBody()
  const account = await find(c.env.DB, c.req.param('address'))
  if (account === null) return c.notFound()
  hashOnce()
  await c.env.DB.prepare(
    `UPDATE account SET credential_version = credential_version + 1 WHERE id = ?1`,
  )
    .bind(account.id)
    .run()
  return c.redirect('/login', 303)
})

recovery.post('/login', async (c) => {
  const { email } = await c.req.parseBody<{ email: string }>()
  const account = await find(c.env.DB, email)
  if (account === null) return c.body(null, 401)
  hashOnce()
  await c.env.DB.prepare(
    `INSERT INTO session (secret_hash, id, account_id, credential_version, created_at, last_seen_at)
     VALUES (?1, ?1, ?2, 1, 1, 1)`,
  )
    .bind(newId(secureRandom), account.id)
    .run()
  return c.redirect('/account', 303)
})

/** The one row that an ask writes, with the same conflict, and no limit, no audit, no delivery. */
recovery.post('/insert', async (c) => {
  const { email } = await c.req.parseBody<{ email: string }>()
  await insertAsk(c.env.DB, email)
  return c.redirect('/sent', 303)
})

/** Mails all that waits, over one connection; answers with how many that were. */
recovery.post('/deliver', async (c) => {
  const { results } = await c.env.DB.prepare(
    `SELECT address FROM outbox WHERE state = 'waiting'`,
  ).all<{ address: string }>()
  const addresses = results.map(({ address }) => address)
  await sendLinks(mailServer(c.env), addresses)
  await c.env.DB.prepare(`UPDATE outbox SET state = 'done' WHERE state = 'waiting'`).run()
  return c.json(addresses.length)
})

function insertAsk(db: D1Database, email: string) {
  return db
    .prepare(
      `INSERT INTO outbox (id, purpose, address, address_key, locale, next_attempt_at, created_at)
       VALUES (?1, 'reset', ?2, ?2, 'en', ?3, ?3) ON CONFLICT DO NOTHING`,
    )
    .bind(newId(secureRandom), email, Math.floor(Date.now() / 1000))
    .run()
}

function find(db: D1Database, address: string): Promise<{ id: string } | null> {
  return db.prepare(`SELECT id FROM account WHERE address_key = ?1`).bind(address).first()
}

function mailServer({ MAIL_SERVER, MAIL_PORT }: Env): MailServerAddress {
  return { hostname: MAIL_SERVER, port: Number(MAIL_PORT) }
}
