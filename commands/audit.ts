/**
 * `npm run audit`: what happened to whom, from where, when.
 */
import { auditEvents } from '../src/account/audit.ts'
import { type AuditRow, listAudit } from '../src/store/audit.ts'
import { openDatabase } from './database.ts'
import { FLAG, runCommand, tell, TEXT, UsageError } from './run-command.ts'

const HELP = `npm run audit -- [--account ID] [--event NAME] [--days N] [--most N] [--remote] [--json]

  --account ID   of one account (npm run account -- find WHO says its id)
  --event NAME   one of ${auditEvents.join(', ')}
  --days N       of the last so many days
  --most N       so many rows at the most, the newest first; 100 without it

--remote works on the deployed database, with the account wrangler is logged in to.
Rows are never changed, and are deleted when they are a year old.`

const DEFAULT_MOST = 100

process.exitCode = await runCommand({
  name: 'audit',
  help: HELP,
  options: { account: TEXT, event: TEXT, days: TEXT, most: TEXT, remote: FLAG, json: FLAG },
  run: async ({
    account: accountId = null,
    event = null,
    remote = false,
    json = false,
    ...rest
  }) => {
    if (event !== null && !auditEvents.some((known) => known === event)) {
      throw new UsageError(`There is no event ${event}`)
    }
    const days = readCount('--days', rest.days)
    const since = days === null ? null : Math.floor(Date.now() / 1000) - days * 24 * 3600
    const most = readCount('--most', rest.most) ?? DEFAULT_MOST
    await using database = await openDatabase({ remote })
    const rows = await listAudit(database.db, { event, accountId, since, most })
    if (rows.length === 0) return tell('Nothing happened', 0)
    return rows.map((row) => (json ? JSON.stringify(row) : inOneLine(row))).join('\n')
  },
})

function readCount(name: string, text: string | undefined): number | null {
  if (text === undefined) return null
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new UsageError(`${name} must be a whole number`)
  return Number(text)
}

function inOneLine({ at, event, account_id, address, network }: AuditRow): string {
  const when = new Date(at * 1000).toISOString().replace('.000', '')
  return [when, event, account_id ?? '-', address ?? '-', network ?? '-'].join('\t')
}
