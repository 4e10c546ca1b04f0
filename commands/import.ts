/**
 * `npm run import -- users.db`: takes the accounts of another app along, with
 * their password hashes as they are.
 */
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { ImportDefaults } from '../src/account/imported-account.ts'
import { newId, secureRandom } from '../src/account/random.ts'
import type { ImportOptions } from '../src/store/imports.ts'
import { isLocale, locales } from '../templates/locales/index.ts'
import { prepareDatabase } from './database.ts'
import type { Columns } from './import/columns.ts'
import { openSource } from './import/open-source.ts'
import { describeProgress, describeTally, SkippedRows } from './import/report.ts'
import { runImport, type Skip } from './import/run-import.ts'
import { Seen } from './import/seen.ts'
import { databaseTarget, dryTarget, sqlTarget, type Target } from './import/target.ts'
import { watchSignals } from './interrupted.ts'
import { FLAG, runCommand, TEXT, UsageError } from './run-command.ts'

const HELP = `npm run import -- FILE [OPTIONS]

FILE is the SQLite database of the other app, CSV with a header line, JSON lines, or what
npm run export has written. Table and columns are found by their usual names, or named:

  --table NAME       of a database
  --id COLUMN        what old links name
  --email COLUMN     --password COLUMN   --username COLUMN
  --created COLUMN   --active COLUMN

  --deleted          takes in again who was deleted here by npm run account -- delete
  --locale LOCALE    the language of accounts that have none; else that of their first link
  --sql FILE         writes SQL for wrangler d1 execute, and leaves the local database alone
  --dry-run          changes nothing, and says what it would do
  --skipped FILE     writes which rows were skipped and why, as JSON lines

An account that is there already stays as it is, so a run that was stopped goes on when it
is started again.`

const COLUMNS = {
  id: TEXT,
  email: TEXT,
  password: TEXT,
  username: TEXT,
  created: TEXT,
  active: TEXT,
}
const OPTIONS = {
  ...COLUMNS,
  table: TEXT,
  locale: TEXT,
  sql: TEXT,
  'dry-run': FLAG,
  deleted: FLAG,
  skipped: TEXT,
}

type Options = Parameters<Parameters<typeof runCommand<typeof OPTIONS>>[0]['run']>[0]

process.exitCode = await runCommand({
  name: 'import',
  help: HELP,
  options: OPTIONS,
  takes: 1,
  run: (options, [path]) => {
    if (path === undefined) throw new UsageError('Name the file to import')
    if (options.sql !== undefined && options['dry-run'] === true) {
      throw new UsageError('--sql writes a file and --dry-run writes nothing: choose one')
    }
    return importFile(path, options)
  },
})

async function importFile(path: string, options: Options): Promise<string> {
  const defaults = readDefaults(options.locale)
  using source = await openSource(path, { table: options.table, named: namedColumns(options) })
  using seen = new Seen()
  await using destination = await openTarget(options, {
    now: defaults.now,
    bringBack: options.deleted ?? false,
  })
  await using skips = openSkips(options.skipped)
  const { target } = destination
  const tally = await runImport({
    ...{ rows: source.rows(), defaults, seen, target, shouldStop: watchSignals() },
    onSkip: (skip) => skips.add(skip),
    onProgress: (sofar) => tell(describeProgress(sofar, source.total)),
  })
  const report = describeTally(tally, skips.rows, destination)
  if (!tally.stopped) return report
  throw new Error(`${report}\nStopped before the end: start it again to go on`)
}

function readDefaults(locale: string | undefined): ImportDefaults {
  if (locale !== undefined && !isLocale(locale))
    throw new UsageError(`There is no language ${locale}: ${locales.join(' ')}`)
  const now = Math.floor(Date.now() / 1000)
  return { locale: locale ?? null, isLocale, now, newId: () => newId(secureRandom) }
}

function namedColumns(options: Options): Columns {
  const { id, email, password, username, created, active } = options
  return {
    ...(id !== undefined && { legacyId: id }),
    ...(email !== undefined && { address: email }),
    ...(password !== undefined && { passwordHash: password }),
    ...(username !== undefined && { username }),
    ...(created !== undefined && { createdAt: created }),
    ...(active !== undefined && { active }),
  }
}

interface Destination extends AsyncDisposable {
  target: Target
  imported: string
}

async function openTarget(options: Options, how: ImportOptions): Promise<Destination> {
  if (options.sql !== undefined) {
    const target = await sqlTarget(options.sql, how)
    const imported = `written to ${options.sql}`
    return { target, imported, [Symbol.asyncDispose]: () => target[Symbol.asyncDispose]() }
  }
  const database = await prepareDatabase()
  const close = { [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
  return options['dry-run'] === true
    ? { target: dryTarget(database.db, how), imported: 'would be imported', ...close }
    : { target: databaseTarget(database.db, how), imported: 'imported', ...close }
}

function openSkips(path: string | undefined) {
  const rows = new SkippedRows()
  const file = path === undefined ? null : createWriteStream(path, { mode: 0o600 })
  return {
    rows,
    add(skip: Skip) {
      rows.add(skip)
      file?.write(`${JSON.stringify(skip)}\n`)
    },
    async [Symbol.asyncDispose]() {
      if (file !== null) await finished(file.end())
    },
  }
}

function tell(line: string | null): void {
  if (line !== null) console.error(line)
}
