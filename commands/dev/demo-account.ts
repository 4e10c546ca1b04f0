/**
 * The account that a fresh clone can log in to.
 */
import { argon2Sync, randomBytes } from 'node:crypto'
import type { D1Database } from '@cloudflare/workers-types'
import { ARGON2_PARAMETERS } from '../../src/account/password-hash.ts'

export const demo = { email: 'demo@example.com', password: 'correct horse battery staple' }

/** Adds it unless it is there already, whatever its password is by now. */
export async function addDemoAccount(db: D1Database): Promise<void> {
  const now = Math.floor(Date.now() / 1000)
  await db
    .prepare(
      `INSERT INTO account (id, address, address_key, username, password_hash, locale, proven_at, created_at)
       VALUES ('demo00000000', ?1, ?1, 'Demo', ?2, 'en', ?3, ?3) ON CONFLICT DO NOTHING`,
    )
    .bind(demo.email, hash(demo.password), now)
    .run()
}

function hash(password: string): string {
  const nonce = randomBytes(16)
  const { memory, passes, parallelism } = ARGON2_PARAMETERS
  const tag = argon2Sync('argon2id', {
    message: password,
    nonce,
    memory,
    passes,
    parallelism,
    tagLength: 32,
  })
  const encode = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${encode(nonce)}$${encode(tag)}`
}
