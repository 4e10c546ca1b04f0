/**
 * Where accounts go: into a database, into a file of SQL, or nowhere.
 */
import type { D1Database } from '@cloudflare/workers-types'
import type { ImportedAccount } from '../../src/account/imported-account.ts'
import {
  importAccounts,
  importAsSql,
  type ImportOutcome,
  previewImport,
} from '../../src/store/imports.ts'
import { PrivateFile } from '../private-file.ts'

export interface Target extends AsyncDisposable {
  /** One outcome for each account, in their order; all of them go in or none. */
  add(accounts: readonly ImportedAccount[]): Promise<ImportOutcome[]>
  /** Everything is in. */
  finish(): Promise<void>
}

export function databaseTarget(db: D1Database, now: number): Target {
  return { add: (accounts) => importAccounts(db, accounts, now), ...withoutEnd }
}

/** Says what would happen. */
export function dryTarget(db: D1Database): Target {
  return { add: (accounts) => previewImport(db, accounts), ...withoutEnd }
}

const withoutEnd = {
  finish: () => Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
}

/** A file for `wrangler d1 execute --file`; it may be executed again. */
export async function sqlTarget(path: string, now: number): Promise<Target> {
  const file = await PrivateFile.create(path)
  return {
    async add(accounts) {
      await file.write(importAsSql(accounts, now))
      return accounts.map(() => 'imported')
    },
    finish: () => file.complete(),
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  }
}
