/**
 * `npm run outbox -- list|retry`: what waits, what failed, and once more.
 */
import { parseArgs } from 'node:util'
import { listOutbox, type OutboxSummary, retryOutbox } from '../src/store/operator.ts'
import { openDatabase } from './database.ts'
import { runCommand, UsageError } from './run-command.ts'

const HELP = `npm run outbox -- COMMAND [--remote] [--json]

  list           mail that waits or failed: why, and when it is tried again
  retry [ID]     makes one row due now, or all of them

--remote works on the deployed database, with the account wrangler is logged in to.`

const MOST_LISTED = 1000
const now = () => Math.floor(Date.now() / 1000)

process.exitCode = await runCommand(HELP, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      remote: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) return HELP
  const [command, id = null, ...rest] = positionals
  if (rest.length > 0 || (command !== 'list' && command !== 'retry')) {
    throw new UsageError(`Unknown command ${positionals.join(' ')}`)
  }
  await using database = await openDatabase({ remote: values.remote === true })
  if (command === 'retry') {
    const count = await retryOutbox(database.db, id, now())
    return `${count} due now, tried with the next sweep`
  }
  const rows = await listOutbox(database.db, MOST_LISTED)
  if (values.json === true) return rows.map((row) => JSON.stringify(row)).join('\n')
  return rows.length === 0 ? 'Nothing waits and nothing failed' : rows.map(inOneLine).join('\n')
})

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
