/**
 * `npm run doctor`: whether mail will flow with the settings in the environment
 * or `.dev.vars`, step by step, up to a test mail that arrives.
 */
import { type EmailAddress, parseAddress } from '../src/account/address.ts'
import type { Step } from '../src/mail/doctor.ts'
import { FLAG, runCommand, TEXT, UsageError } from './run-command.ts'
import { readSettings } from './settings.ts'

const HELP = `npm run doctor -- [--to ADDRESS] [--json]

Checks the SMTP settings step by step and sends a test mail.

  --to ADDRESS  who gets the test mail (the first of ADMINS, else MAIL_DEFAULT_SENDER)
  --json        one JSON object on standard output`

const PLAN =
  'On Cloudflare Workers you need a paid plan: one password hash (Argon2id) takes some 30 ms of CPU, and the free plan stops at 10 ms.'

const SIGNS: Record<Step['outcome'], string> = { ok: '✓', failed: '✗', skipped: '–' }

const exitCode = await runCommand({
  name: 'doctor',
  help: HELP,
  options: { to: TEXT, json: FLAG },
  run: ({ to, json = false }) => {
    const address = to === undefined ? undefined : parseAddress(to)
    if (address === null) throw new UsageError('--to has to be one email address')
    return diagnose(address, json)
  },
})
// worker-mailer leaves a timer behind for every reply, and Node would wait for them.
process.exit(exitCode)

/** Resolves to the exit status: 0 when mail flows, 1 when it does not. */
async function diagnose(to: EmailAddress | undefined, json: boolean): Promise<number> {
  const { examineMail } = await import('./doctor/examine-mail.ts')
  const steps: Step[] = []
  for await (const step of examineMail(await readSettings(process.env), to)) {
    steps.push(step)
    if (!json) print(step)
  }
  const ok = steps.every(({ outcome }) => outcome !== 'failed')
  if (json) console.log(JSON.stringify({ ok, steps }, null, 2))
  else console.log(`\n${ok ? 'Mail flows.' : 'Mail does not flow yet.'}\n${PLAN}`)
  return ok ? 0 : 1
}

function print({ outcome, title, detail, advice }: Step): void {
  console.log(`${SIGNS[outcome]} ${title}: ${detail}`)
  if (advice !== undefined) console.log(`  → ${advice}`)
}
