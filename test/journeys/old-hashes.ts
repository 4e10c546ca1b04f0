/**
 * Hashes that libraries of other apps have made, and how people get in by them:
 * for those that are kept as fixtures, and for those that have just been made.
 */
import { readFile } from 'node:fs/promises'
import { expect } from 'vitest'
import type { RunningApp } from '../app.ts'
import { importRow } from '../imported-person.ts'
import { logIn } from './steps.ts'

/** A line of what test/interop/old-hashes/make.py prints. */
export interface OldHash {
  /** Whose people come with such hashes. */
  app: string
  /** The library that made it, and its version. */
  maker: string
  password: string
  hash: string
}

/**
 * Kept: what Debian 12's libraries make, and what those that were the newest in
 * November 2026 make, of which Werkzeug's is the first with a scrypt of its own.
 */
export const keptHashes = {
  'debian-12': await readHashes('debian-12'),
  latest: await readHashes('latest'),
}

async function readHashes(name: string): Promise<OldHash[]> {
  return parseHashes(await readFile(`test/fixtures/old-hashes/${name}.jsonl`, 'utf8'))
}

export function parseHashes(lines: string): OldHash[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

let people = 0

/** Who comes with such a hash logs in with the old password; from then on the hash is ours. */
export async function expectUpgrade(app: RunningApp, { password, hash }: OldHash): Promise<void> {
  people += 1
  const address = `person${people}@example.test`
  expect(await importRow(app, { address, passwordHash: hash })).toBe('imported')
  await logIn(app.visitor(), address, password)
  expect(await hashOf(app, address)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  await logIn(app.visitor(), address, password)
}

/** Whoever types anything else is refused, and the hash stays as it was. */
export async function expectRefusal(app: RunningApp, { password, hash }: OldHash): Promise<void> {
  people += 1
  const address = `person${people}@example.test`
  await importRow(app, { address, passwordHash: hash })
  const wrong = { email: address, password: `${password}!` }
  expect((await app.visitor().post('/login', wrong)).status).toBe(401)
  expect(await hashOf(app, address)).toBe(hash)
}

async function hashOf({ db }: RunningApp, address: string): Promise<unknown> {
  return db
    .prepare(`SELECT password_hash FROM account WHERE address = ?1`)
    .bind(address)
    .first('password_hash')
}
