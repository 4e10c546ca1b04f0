/**
 * `npm run export`: all accounts, for a backup or for another app. Nobody is
 * locked in.
 */
import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { openDatabase } from './database.ts'
import { exportCsv, exportJsonLines } from './export/formats.ts'
import { runCommand, UsageError } from './run-command.ts'

const HELP = `npm run export -- FILE [--csv] [--remote]
npm run --silent export > FILE

Writes every account, an object a line: address, username, password hash, language, dates
(Unix seconds, UTC), its id and the one it had in another app. npm run import takes it back.

--csv     CSV with a header line instead (RFC 4180)
--remote  the deployed database, with the account wrangler is logged in to

The file holds password hashes: keep it as you would keep the database.`

process.exitCode = await runCommand(HELP, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      csv: { type: 'boolean' },
      remote: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) return HELP
  const [path, ...rest] = positionals
  if (rest.length > 0) throw new UsageError('Name one file to write')
  await using database = await openDatabase({ remote: values.remote === true })
  const lines = values.csv === true ? exportCsv(database.db) : exportJsonLines(database.db)
  await (path === undefined ? print(lines) : writeWhole(path, lines))
  return ''
})

/** The file has its name only when it is complete, and may be read by nobody else. */
async function writeWhole(path: string, lines: AsyncIterable<string>): Promise<void> {
  const part = `${path}.part`
  await pipeline(Readable.from(lines), createWriteStream(part, { mode: 0o600 }))
  await rename(part, path)
}

function print(lines: AsyncIterable<string>): Promise<void> {
  return pipeline(Readable.from(lines), process.stdout, { end: false })
}
