/**
 * `npm run outbox -- list|retry`: what waits, what failed, and once more.
 */
import type { D1Database } from '@cloudflare/workers-types'
import { listOutbox, type OutboxSummary, retryOutbox } from '../src/store/operator.ts'
import { openDatabase } from './database.ts'
import { FLAG, runCommand, tell, UsageError } from './run-command.ts'

const HELP = `npm run outbox -- COMMAND [--remote] [--json]

  list           mail that waits or failed: why, and when it is tried again
  retry [ID]     makes one row due now, or all of them

--remote works on the deployed database, with the account wrangler is logged in to.
--json prints list as one JSON object a line.`

const MOST_LISTED = 1000
const now = () => Math.floor(Date.now() / 1000)

process.exitCode = await runCommand({
  name: 'outbox',
  help: HELP,
  options: { remote: FLAG, json: FLAG },
  takes: 2,
  run: async ({ remote = false, json = false }, [command, id]) => {
    if (command === undefined) throw new UsageError('Name a command: list, retry')
    if (command !== 'list' && command !== 'retry') {
      throw new UsageError(`Unknown command '${command}'`)
    }
    if (command === 'list' && id !== undefined) throw new UsageError('list takes no ID')
    if (command === 'retry' && json) throw new UsageError('--json is for list')
    await using database = await openDatabase({ remote })
    return command === 'list' ? await list(database.db, json) : await retry(database.db, id)
  },
})

async function list(db: D1Database, json: boolean): Promise<string | number> {
  const rows = await listOutbox(db, MOST_LISTED)
  if (rows.length === 0) return tell('Nothing waits and nothing failed', 0)
  return rows.map((row) => (json ? JSON.stringify(row) : inOneLine(row))).join('\n')
}

async function retry(db: D1Database, id: string | undefined): Promise<string> {
  const count = await retryOutbox(db, id ?? null, now())
  if (id !== undefined && count === 0) {
    throw new Error(`No row ${id} waits or failed; one that is being sent just now is left alone`)
  }
  return `${count} due now, tried with the next sweep`
}

function inOneLine(row: OutboxSummary): string {
  const age = `${now() - row.created_at} s old`
  const next =
    row.state === 'waiting' ? `next in ${Math.max(0, row.next_attempt_at - now())} s` : row.result
  return [
    row.id,
    row.state,
    row.purpose,
    row.address,
    age,
    `${row.attempts} attempts`,
    next,
    row.last_reply ?? '-',
  ].join('\t')
}
