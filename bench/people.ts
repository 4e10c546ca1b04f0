/** People with accounts, and networks for them to come from: no figure is taken with a limit in the way. */
import { argon2Sync, randomBytes } from 'node:crypto'
import { ARGON2_PARAMETERS, formatPhc } from '../src/account/password-formats/argon2id.ts'
import type { Stage } from './stage.ts'

export const password = 'a first long password'

export interface Person {
  id: string
  address: string
}

/** As the service stores it, but by Node's own Argon2id. */
function hashOf(text: string): string {
  const { memory, passes, parallelism } = ARGON2_PARAMETERS
  const salt = randomBytes(16)
  const hash = argon2Sync('argon2id', {
    ...{ message: text, nonce: salt, tagLength: 32, memory, passes, parallelism },
  })
  return formatPhc({ ...ARGON2_PARAMETERS, salt, hash })
}

let made = 0

/** So many accounts with `password`. */
export async function makePeople({ db }: Pick<Stage, 'db'>, count: number): Promise<Person[]> {
  const hash = hashOf(password)
  const insert = db.prepare(
    `INSERT INTO account (id, address, address_key, username, password_hash, locale, proven_at, created_at)
     VALUES (?1, ?2, ?2, 'Ana', ?3, 'en', 1, 1)`,
  )
  const people = Array.from({ length: count }, () => ({
    id: randomBytes(9).toString('base64url'),
    address: `person-${made++}@example.test`,
  }))
  await db.batch(people.map(({ id, address }) => insert.bind(id, address, hash)))
  return people
}

let networks = 0

/** The header of a client that was never seen before. */
export function newClient(): Record<string, string> {
  networks += 1
  return { 'CF-Connecting-IP': `10.${networks >> 16}.${(networks >> 8) & 255}.${networks & 255}` }
}
