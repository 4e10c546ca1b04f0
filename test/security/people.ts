/**
 * Accounts of every kind that must look alike from outside, put straight into
 * the database: without the way through a mailbox, so that a test has hundreds.
 */
import { randomBytes } from 'node:crypto'
import { hashSync } from 'bcryptjs'
import type { App } from '../app.ts'

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
export async function addAccount({ db }: App, kind: Kind = {}): Promise<string> {
  const { proven = true, disabled = false, hash = quickHash, locale = 'en' } = kind
  made += 1
  const address = `known${made}@example.test`
  await db
    .prepare(
      `INSERT INTO account (id, address, address_key, username, password_hash, locale, proven_at, disabled_at, created_at)
       VALUES (?1, ?2, ?2, 'Ana', ?3, ?4, ?5, ?6, 1)`,
    )
    .bind(
      ...[randomBytes(9).toString('base64url'), address, hash, locale],
      ...[proven ? 1 : null, disabled ? 1 : null],
    )
    .run()
  return address
}

export function newAddress(): string {
  made += 1
  return `unknown${made}@example.test`
}

/** One address of every kind that must look alike. */
export async function addEveryKind(app: App): Promise<Record<string, string>> {
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
