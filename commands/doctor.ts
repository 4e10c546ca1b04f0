/**
 * `npm run doctor`: whether mail will flow with the settings in the environment
 * or `.dev.vars`, step by step, up to a test mail that arrives.
 */
import { randomUUID } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { parseArgs } from 'node:util'
import { parseAddress } from '../src/account/address.ts'
import { type ConfigResult, parseConfig } from '../src/config.ts'
import { type DoctorTools, examine, type Step } from '../src/mail/doctor.ts'
import { nodeConnect } from '../src/platform/node-sockets.ts'
import type { Environment } from '../src/setting-reader.ts'
import { readSettings } from './settings.ts'

const USAGE = `npm run doctor -- [--to ADDRESS] [--json]

Checks the SMTP settings step by step and sends a test mail.

  --to ADDRESS  who gets the test mail (the first of ADMINS, else MAIL_DEFAULT_SENDER)
  --json        one JSON object on standard output
`

const SIGNS: Record<Step['outcome'], string> = { ok: '✓', failed: '✗', skipped: '–' }

const tools: DoctorTools = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  connect: nodeConnect,
  now: () => new Date(),
  newId: randomUUID,
}

// worker-mailer leaves a timer behind for every reply, and Node would wait for them.
process.exit(await run())

async function run(): Promise<number> {
  try {
    const { values } = parseArgs({
      options: {
        to: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    return values.help ? help() : await main(values)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    console.error(`${error.message}\n\n${USAGE}`)
    return 2
  }
}

function help(): number {
  console.log(USAGE)
  return 0
}

/** Resolves to the exit status: 0 when mail flows, 1 when it does not, 2 for a wrong argument. */
async function main({ to, json }: { to?: string | undefined; json: boolean }): Promise<number> {
  const address = to === undefined ? undefined : parseAddress(to)
  if (address === null) {
    console.error('--to has to be one email address')
    return 2
  }
  const steps: Step[] = []
  for await (const step of examine(mailConfig(await readSettings(process.env)), {
    to: address,
    tools,
  })) {
    steps.push(step)
    if (!json) print(step)
  }
  const ok = steps.every(({ outcome }) => outcome !== 'failed')
  if (json) console.log(JSON.stringify({ ok, steps }, null, 2))
  else console.log(ok ? '\nMail flows.' : '\nMail does not flow yet.')
  return ok ? 0 : 1
}

function print({ outcome, title, detail, advice }: Step): void {
  console.log(`${SIGNS[outcome]} ${title}: ${detail}`)
  if (advice !== undefined) console.log(`  → ${advice}`)
}

/** The mail settings alone: whoever sets mail up may not have thought of the others yet. */
function mailConfig(settings: Environment): ConfigResult {
  const mail = Object.entries(settings).filter(([name]) => /^(?:MAIL_|EMAIL_|ADMINS$)/.test(name))
  const others = { PUBLIC_URL: 'http://localhost', SECRET_KEY: '-'.repeat(32) }
  return parseConfig({ ...others, ...Object.fromEntries(mail) })
}
