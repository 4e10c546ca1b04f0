/**
 * `npm run account -- …`: the operator's hand. It starts a reset but never sees
 * a link or a password.
 */
import { parseArgs } from 'node:util'
import type { D1Database } from '@cloudflare/workers-types'
import { parseAddress } from '../src/account/address.ts'
import { secureRandom } from '../src/account/random.ts'
import * as operator from '../src/store/operator.ts'
import { openDatabase } from './database.ts'
import { runCommand, UsageError } from './run-command.ts'

const HELP = `npm run account -- COMMAND [WHO] [--remote] [--json]

  find WHO           one account: who, since when, how many sessions
  list               all accounts, in the order of their addresses
  disable WHO        nobody gets in any more, by session, password or link
  enable WHO         undoes disable
  end-sessions WHO   logs out everywhere; links that are out die too
  send-reset WHO     mails the owner a link to choose a new password
  delete WHO         the account and its sessions; the audit rows stay

WHO is an address or an account's id.
--remote works on the deployed database, with the account wrangler is logged in to.`

const now = () => Math.floor(Date.now() / 1000)

/** Rows read at once. */
const PAGE = 500

type Action = (db: D1Database, account: operator.AccountSummary) => Promise<string>

const actions: Record<string, Action> = {
  find: (_db, account) => Promise.resolve(describe(account)),
  disable: async (db, account) => {
    await operator.disableAccount(db, account, now())
    return `Disabled ${account.address}`
  },
  enable: async (db, account) => {
    await operator.enableAccount(db, account, now())
    return `Enabled ${account.address}`
  },
  'end-sessions': async (db, account) => {
    await operator.endAllSessions(db, account, now())
    return `Ended ${account.sessions} of ${account.address}'s sessions`
  },
  'send-reset': async (db, account) => {
    await operator.askResetFor(db, account, secureRandom, now())
    return `A link for ${account.address} goes out with the next sweep, within a minute`
  },
  delete: async (db, account) => {
    await operator.deleteAccount(db, account, now())
    return `Deleted ${account.address}`
  },
}

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
  const [command = '', who, ...rest] = positionals
  const action = Object.hasOwn(actions, command) ? actions[command] : undefined
  if (rest.length > 0 || (action === undefined && command !== 'list')) {
    throw new UsageError(`Unknown command ${positionals.join(' ')}`)
  }
  await using database = await openDatabase({ remote: values.remote === true })
  if (action === undefined) return await listAll(database.db, values.json === true)
  const account = await findAccount(database.db, who)
  if (command === 'find' && values.json === true) return JSON.stringify(account)
  return await action(database.db, account)
})

async function findAccount(
  db: D1Database,
  who: string | undefined,
): Promise<operator.AccountSummary> {
  if (who === undefined) throw new UsageError('Say whose account: an address or an id')
  const account = await operator.findSummary(db, parseAddress(who)?.key ?? who)
  if (account === null) throw new Error(`There is no account of ${who}`)
  return account
}

async function listAll(db: D1Database, json: boolean): Promise<string> {
  const lines: string[] = []
  let after = ''
  for (;;) {
    const page = await operator.listSummaries(db, after, PAGE)
    for (const { key: _, ...account } of page)
      lines.push(json ? JSON.stringify(account) : inOneLine(account))
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return lines.join('\n')
    after = last.key
  }
}

function inOneLine({ id, address, username, disabledAt }: operator.AccountSummary): string {
  return [id, address, username, ...(disabledAt === null ? [] : ['disabled'])].join('\t')
}

function describe(account: operator.AccountSummary): string {
  const { id, address, username, locale, createdAt, provenAt, disabledAt, sessions } = account
  return [
    `id        ${id}`,
    `address   ${address}`,
    `name      ${username}`,
    `language  ${locale === '' ? 'not known yet' : locale}`,
    `since     ${inUtc(createdAt)}`,
    `mailbox   ${provenAt === null ? 'not proven yet (imported)' : `proven ${inUtc(provenAt)}`}`,
    `state     ${disabledAt === null ? 'active' : `disabled ${inUtc(disabledAt)}`}`,
    `sessions  ${sessions}`,
  ].join('\n')
}

function inUtc(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '')
}
