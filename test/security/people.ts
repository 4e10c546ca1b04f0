/**
 * Accounts of every kind that must look alike from outside, put straight into
 * the database: without the way through a mailbox, so that a test has hundreds.
 */
import { randomBytes } from 'node:crypto'
import { hashSync } from 'bcryptjs'
import type { RunningApp } from '../app.ts'

export const password = 'a long enough password'
export const quickHash = hashSync(password, 4)

let made = 0

export interface Kind {
  proven?: boolean
  disabled?: boolean
  hash?: string
  locale?: string
}

/** Adds an account; its address. */
export async function addAccount(app: RunningApp, kind?: Kind): Promise<string> {
  const [address = ''] = await addAccounts(app, 1, kind)
  return address
}

/** Adds so many accounts of a kind, by one statement; their addresses. */
export async function addAccounts(
  { db }: RunningApp,
  count: number,
  { proven = true, disabled = false, hash = quickHash, locale = 'en' }: Kind = {},
): Promise<string[]> {
  const rows = Array.from({ length: count }, () => {
    return [randomBytes(9).toString('base64url'), newAddress()] as const
  })
  await db
    .prepare(
      `INSERT INTO account (id, address, address_key, username, password_hash, locale, proven_at, disabled_at, created_at)
       SELECT value ->> 0, value ->> 1, value ->> 1, 'Ana', ?2, ?3, ?4, ?5, 1 FROM json_each(?1)`,
    )
    .bind(JSON.stringify(rows), hash, locale, proven ? 1 : null, disabled ? 1 : null)
    .run()
  return rows.map(([, address]) => address)
}

/** None is longer than another: what an answer says of it is as long, too. */
export function newAddress(): string {
  made += 1
  return `person${String(made).padStart(6, '0')}@example.test`
}

/** One address of every kind that must look alike. */
export async function addEveryKind(app: RunningApp): Promise<Record<string, string>> {
  return {
    known: await addAccount(app),
    unproven: await addAccount(app, { proven: false }),
    'unproven, without a language': await addAccount(app, { proven: false, locale: '' }),
    disabled: await addAccount(app, { disabled: true }),
    'without a hash that can be read': await addAccount(app, { hash: '!' }),
    'in another language': await addAccount(app, { locale: 'ja' }),
    unknown: newAddress(),
  }
}
