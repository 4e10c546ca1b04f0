/**
 * Where accounts go: into a database, into a file of SQL, or nowhere.
 */
import type { D1Database } from '@cloudflare/workers-types'
import type { ImportedAccount } from '../../src/account/imported-account.ts'
import {
  importAccounts,
  importAsSql,
  type ImportOptions,
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

export function databaseTarget(db: D1Database, options: ImportOptions): Target {
  return { add: (accounts) => importAccounts(db, accounts, options), ...withoutEnd }
}

/** Says what would happen. */
export function dryTarget(db: D1Database, options: ImportOptions): Target {
  return { add: (accounts) => previewImport(db, accounts, options), ...withoutEnd }
}

const withoutEnd = {
  finish: () => Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
}

/** A file for `wrangler d1 execute --file`; it may be executed again. */
export async function sqlTarget(path: string, options: ImportOptions): Promise<Target> {
  const file = await PrivateFile.create(path)
  return {
    async add(accounts) {
      await file.write(importAsSql(accounts, options))
      return accounts.map(() => 'imported')
    },
    finish: () => file.complete(),
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  }
}
