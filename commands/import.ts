/**
 * `npm run import -- users.db`: takes the accounts of another app along, with
 * their password hashes as they are.
 */
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import type { ImportDefaults } from '../src/account/imported-account.ts'
import { newId, secureRandom } from '../src/account/random.ts'
import { isLocale, locales } from '../templates/locales/index.ts'
import { type OpenDatabase, openDatabase } from './database.ts'
import type { Columns } from './import/columns.ts'
import { openSource } from './import/open-source.ts'
import { describeProgress, describeTally, SkippedRows } from './import/report.ts'
import { runImport, type Skip } from './import/run-import.ts'
import { Seen } from './import/seen.ts'
import { databaseTarget, dryTarget, sqlTarget, type Target } from './import/target.ts'
import { runCommand, UsageError } from './run-command.ts'
import { runWrangler } from './wrangler.ts'

const HELP = `npm run import -- FILE [OPTIONS]

FILE is the SQLite database of the other app, CSV with a header line, JSON lines, or what
npm run export has written. Table and columns are found by their usual names, or named:

  --table NAME       of a database
  --id COLUMN        what old links name
  --email COLUMN     --password COLUMN   --username COLUMN
  --created COLUMN   --active COLUMN

  --locale LOCALE    the language of accounts that have none; else that of their first link
  --sql FILE         writes SQL for wrangler d1 execute, and leaves the local database alone
  --dry-run          changes nothing, and says what it would do
  --skipped FILE     writes which rows were skipped and why, as JSON lines

An account that is there already stays as it is, so a run that was stopped goes on when it
is started again.`

const OPTIONS = {
  table: { type: 'string' },
  id: { type: 'string' },
  email: { type: 'string' },
  password: { type: 'string' },
  username: { type: 'string' },
  created: { type: 'string' },
  active: { type: 'string' },
  locale: { type: 'string' },
  sql: { type: 'string' },
  'dry-run': { type: 'boolean' },
  skipped: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

type Options = ReturnType<typeof readArguments>['values']

let stopping = false
process.exitCode = await runCommand(HELP, async () => {
  const { values, positionals } = readArguments()
  if (values.help === true) return HELP
  const [path, ...rest] = positionals
  if (path === undefined || rest.length > 0) throw new UsageError('Name one file to import')
  if (values.sql !== undefined && values['dry-run'] === true) {
    throw new UsageError('--sql writes a file and --dry-run writes nothing: choose one')
  }
  return await importFile(path, values)
})

function readArguments() {
  return parseArgs({ allowPositionals: true, options: OPTIONS })
}

async function importFile(path: string, options: Options): Promise<string> {
  const defaults = readDefaults(options.locale)
  using source = await openSource(path, { table: options.table, named: namedColumns(options) })
  using seen = new Seen()
  await using destination = await openTarget(options, defaults.now)
  await using skips = openSkips(options.skipped)
  stopOnSignal()
  const { target } = destination
  const tally = await runImport({
    ...{ rows: source.rows(), defaults, seen, target, shouldStop: () => stopping },
    onSkip: (skip) => skips.add(skip),
    onProgress: (sofar) => tell(describeProgress(sofar, source.total)),
  })
  const report = describeTally(tally, skips.rows, destination)
  if (!tally.stopped) return report
  throw new Error(`${report}\nStopped before the end: start it again to go on`)
}

/** In place of what the database has brought along, which ends the process in the middle of everything. */
function stopOnSignal(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.removeAllListeners(signal).on(signal, () => (stopping = true))
  }
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

async function openTarget(options: Options, now: number): Promise<Destination> {
  if (options.sql !== undefined) {
    const target = await sqlTarget(options.sql, now)
    const imported = `written to ${options.sql}`
    return { target, imported, [Symbol.asyncDispose]: () => target[Symbol.asyncDispose]() }
  }
  const database = await openLocalDatabase()
  const close = { [Symbol.asyncDispose]: () => closeDatabase(database) }
  return options['dry-run'] === true
    ? { target: dryTarget(database.db), imported: 'would be imported', ...close }
    : { target: databaseTarget(database.db, now), imported: 'imported', ...close }
}

async function closeDatabase(database: OpenDatabase): Promise<void> {
  try {
    await database[Symbol.asyncDispose]()
  } catch (error) {
    // Ctrl-C has ended it already.
    if (!stopping) throw error
  }
}

/** With its tables, also in a fresh clone. */
async function openLocalDatabase(): Promise<OpenDatabase> {
  await runWrangler('d1', 'migrations', 'apply', 'sparekey', '--local')
  return await openDatabase()
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
