/**
 * `npm run export`: all accounts, for a backup or for another app. Nobody is
 * locked in.
 */
import { openDatabase } from './database.ts'
import { exportCsv, exportJsonLines } from './export/formats.ts'
import { watchSignals } from './interrupted.ts'
import { PrivateFile } from './private-file.ts'
import { FLAG, runCommand } from './run-command.ts'

const HELP = `npm run export -- FILE [--csv] [--remote]
npm run --silent export > FILE

Writes every account, an object a line: address, username, password hash, language, dates
(Unix seconds, UTC), its id and the one it had in another app. npm run import takes it back.

--csv     CSV with a header line instead (RFC 4180)
--remote  the deployed database, with the account wrangler is logged in to

The file holds password hashes: keep it as you would keep the database.`

process.exitCode = await runCommand({
  name: 'export',
  help: HELP,
  options: { csv: FLAG, remote: FLAG },
  takes: 1,
  run: ({ csv = false, remote = false }, [path]) => {
    const lines = readLines({ csv, remote })
    return path === undefined ? lines : writeWhole(path, lines)
  },
})

async function* readLines({ csv, remote }: { csv: boolean; remote: boolean }) {
  await using database = await openDatabase({ remote })
  yield* csv ? exportCsv(database.db) : exportJsonLines(database.db)
}

async function writeWhole(path: string, lines: AsyncIterable<string>): Promise<number> {
  const isInterrupted = watchSignals()
  await using file = await PrivateFile.create(path)
  for await (const line of lines) {
    if (isInterrupted()) throw new Error(`Stopped before the end: there is no ${path}`)
    await file.write(`${line}\n`)
  }
  await file.complete()
  return 0
}
