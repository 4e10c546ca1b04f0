/** Somebody who had an account in another app, which is imported. */
import { toImportedAccount, type ForeignRow } from '../src/account/imported-account.ts'
import { newId, secureRandom } from '../src/account/random.ts'
import { type ImportOutcome, importAccounts } from '../src/store/imports.ts'
import { isLocale } from '../templates/locales/index.ts'
import type { RunningApp } from './app.ts'

/** Throws when the row is none that becomes an account. */
export async function importRow(
  app: RunningApp,
  row: ForeignRow,
): Promise<ImportOutcome | undefined> {
  const now = Math.floor(Date.now() / 1000)
  const read = toImportedAccount(row, {
    ...{ locale: null, isLocale, now },
    newId: () => newId(secureRandom),
  })
  if (!read.ok) throw new Error(`Cannot import: ${read.reason}`)
  const [outcome] = await importAccounts(app.db, [read.account], {
    now,
    bringBack: false,
  })
  return outcome
}
