/** People with accounts, and networks for them to come from: no figure is taken with a limit in the way. */
import { argon2Sync, randomBytes } from 'node:crypto'
import type { Stage } from './stage.ts'

export const password = 'a first long password'

/** Argon2id as the service stores it (RFC 9106; OWASP's m = 19456 KiB, t = 2, p = 1). */
function hashOf(text: string): string {
  const nonce = randomBytes(16)
  const tag = argon2Sync('argon2id', {
    ...{ message: text, nonce, parallelism: 1, tagLength: 32, memory: 19456, passes: 2 },
  })
  const base64 = (octets: Buffer) => octets.toString('base64').replaceAll('=', '')
  return `$argon2id$v=19$m=19456,t=2,p=1$${base64(nonce)}$${base64(tag)}`
}

let made = 0

/** So many accounts with `password`; resolves to their addresses. */
export async function makePeople({ db }: Stage, count: number): Promise<string[]> {
  const hash = hashOf(password)
  const insert = db.prepare(
    `INSERT INTO account (id, address, address_key, username, password_hash, locale, proven_at, created_at)
     VALUES (?1, ?2, ?2, 'Ana', ?3, 'en', 1, 1)`,
  )
  const addresses = Array.from({ length: count }, () => `person-${made++}@example.test`)
  await db.batch(
    addresses.map((address) => insert.bind(randomBytes(9).toString('base64url'), address, hash)),
  )
  return addresses
}

let networks = 0

/** The header of a client that was never seen before. */
export function newClient(): Record<string, string> {
  networks += 1
  return { 'CF-Connecting-IP': `10.${networks >> 16}.${(networks >> 8) & 255}.${networks & 255}` }
}
