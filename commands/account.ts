/**
 * `npm run account -- …`: the operator's hand. It starts a reset but never sees
 * a link or a password.
 */
import type { D1Database } from '@cloudflare/workers-types'
import { parseAddress } from '../src/account/address.ts'
import { secureRandom } from '../src/account/random.ts'
import * as operator from '../src/store/operator.ts'
import { openDatabase } from './database.ts'
import { FLAG, type Output, runCommand, UsageError } from './run-command.ts'

const HELP = `npm run account -- COMMAND [WHO | --all] [--remote] [--json]

  find WHO           one account: who, since when, how many sessions
  list               all accounts, in the order of their addresses
  disable WHO        nobody gets in any more, by session, password or link
  enable WHO         undoes disable
  end-sessions WHO   logs out everywhere; links that are out die too
  end-sessions --all the same for everybody, an audit row with each account that was logged in
  send-reset WHO     mails the owner a link to choose a new password
  delete WHO         the account and its sessions; the audit rows stay, and no import brings it back

WHO is an address or an account's id.
--remote works on the deployed database, with the account wrangler is logged in to.
--json prints find and list as one JSON object a line.`

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
    if (account.disabledAt !== null) throw new Error(`${account.address} is disabled: enable first`)
    await operator.askResetFor(db, account, secureRandom, now())
    return `A link for ${account.address} goes out with the next sweep, within a minute`
  },
  delete: async (db, account) => {
    await operator.deleteAccount(db, account, now())
    return `Deleted ${account.address}`
  },
}

const commands = ['list', ...Object.keys(actions)]

process.exitCode = await runCommand({
  name: 'account',
  help: HELP,
  options: { remote: FLAG, json: FLAG, all: FLAG },
  takes: 2,
  run: ({ remote = false, json = false, all = false }, [command, who]) => {
    if (command === undefined) throw new UsageError(`Name a command: ${commands.join(', ')}`)
    if (all) return endAll({ command, remote, json, who })
    if (command === 'list') return listAll({ remote, json, who })
    const action = Object.hasOwn(actions, command) ? actions[command] : undefined
    if (action === undefined) throw new UsageError(`Unknown command '${command}'`)
    if (json && command !== 'find') throw new UsageError('--json is for find and list')
    return actOn(who, { action, remote, json })
  },
})

interface Choice {
  action: Action
  remote: boolean
  json: boolean
}

async function actOn(who: string | undefined, { action, remote, json }: Choice): Promise<string> {
  if (who === undefined) throw new UsageError('Say whose account: an address or an id')
  await using database = await openDatabase({ remote })
  const account = await operator.findSummary(database.db, parseAddress(who)?.key ?? who)
  if (account === null) throw new Error(`There is no account of ${who}`)
  return json ? JSON.stringify(account) : await action(database.db, account)
}

interface Choices extends Listing {
  command: string
}

async function endAll({ command, remote, json, who }: Choices): Promise<string> {
  if (command !== 'end-sessions') throw new UsageError('--all is for end-sessions')
  if (who !== undefined) throw new UsageError('Say whose sessions, or --all: not both')
  if (json) throw new UsageError('--json is for find and list')
  await using database = await openDatabase({ remote })
  const ended = await operator.endEverybodysSessions(database.db, now())
  return `Ended ${ended} sessions: nobody is logged in, and no reset link that is out works`
}

interface Listing {
  remote: boolean
  json: boolean
  who: string | undefined
}

/** A page of accounts in memory at a time. */
function listAll({ remote, json, who }: Listing): Output {
  if (who !== undefined) throw new UsageError('list takes no WHO: find shows one account')
  return (async function* () {
    await using database = await openDatabase({ remote })
    let page: Awaited<ReturnType<typeof operator.listSummaries>>
    let after = ''
    do {
      page = await operator.listSummaries(database.db, after, PAGE)
      for (const { key, ...account } of page) {
        yield json ? JSON.stringify(account) : inOneLine(account)
        after = key
      }
    } while (page.length === PAGE)
  })()
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
