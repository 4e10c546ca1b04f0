/**
 * SQLite files with as many accounts as one likes, in the service's own tables,
 * each identifier where chance would put it. One account in ten has a session.
 */
import { hash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'

/** What the nth account is called and found by; the same every time. */
export function accountAt(n: number) {
  const addressKey = `person-${n}@example.test`
  const random = hash('sha256', addressKey, 'base64url')
  return { addressKey, id: random.slice(0, 12), sessionHash: random }
}

/** Which of so many databases an address belongs to: by the SHA-256 of its key. */
export function shardOf(addressKey: string, shards: number): number {
  return hash('sha256', addressKey, 'buffer').readUInt32BE(0) % shards
}

/** As long as a PHC string of the service's parameters is. */
const passwordHash = `$argon2id$v=19$m=19456,t=2,p=1$${'s'.repeat(22)}$${'h'.repeat(43)}`

export const SESSION_EVERY = 10

/**
 * Makes `files`, one database for each shard, and shares the accounts out.
 * Resolves to how many each got. Whatever is killed meanwhile leaves files that
 * are of no use: nothing is journaled on disk.
 */
export function makeAccounts(
  files: readonly string[],
  count: number,
  migrations: readonly string[],
): number[] {
  const shards = files.map((file) => openShard(file, migrations))
  for (let n = 0; n < count; n++) {
    const account = accountAt(n)
    const shard = shards[files.length === 1 ? 0 : shardOf(account.addressKey, files.length)]
    if (shard === undefined) throw new RangeError(`Cannot share out account ${n}`)
    shard.add(account, n % SESSION_EVERY === 0)
  }
  return shards.map((shard) => shard.close())
}

/** In KB of SQLite's page cache, while a file is made: rows come in the order of chance. */
const CACHE = 3_000_000

function openShard(file: string, migrations: readonly string[]) {
  const db = new DatabaseSync(file)
  db.exec(
    `PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -${CACHE}`,
  )
  for (const statement of migrations) db.exec(statement)
  db.exec('BEGIN')
  const account = db.prepare(
    `INSERT INTO account (id, address, address_key, username, password_hash, locale, proven_at, created_at)
     VALUES (?1, ?2, ?2, 'Ana', '${passwordHash}', 'en', 1, 1)`,
  )
  const session = db.prepare(
    `INSERT INTO session (secret_hash, id, account_id, credential_version, browser, system, created_at, last_seen_at)
     VALUES (?1, ?2, ?2, 1, 'Firefox', 'Linux', ?3, ?3)`,
  )
  const now = Math.floor(Date.now() / 1000)
  let count = 0
  return {
    add({ id, addressKey, sessionHash }: ReturnType<typeof accountAt>, withSession: boolean) {
      account.run(id, addressKey)
      if (withSession) session.run(sessionHash, id, now)
      count += 1
    },
    close() {
      db.exec('COMMIT; PRAGMA journal_mode = WAL')
      db.close()
      return count
    },
  }
}
