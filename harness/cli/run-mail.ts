/**
 * `sparekey mail`: the harness at the command line, alone or around a command.
 */
import { CertificateError } from '../certificates.ts'
import { help, readOptions, type CliOptions } from './options.ts'
import { announcerFor } from './announce.ts'
import { runCommand } from './run-command.ts'
import { UsageError } from './usage.ts'

/**
 * Runs until it is interrupted, or until the command behind `run --` ends, and
 * resolves to an exit code. `argv` is what follows the name of the command.
 *
 * A port that is taken, a bad option, a certificate that cannot be read: one line
 * on standard error, and 1 or 2.
 *
 * @example
 * process.exitCode = await runMail(process.argv.slice(2), process.env)
 */
export async function runMail(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const options = readOptions(argv, env)
    if (!options.help) return await run(options, env)
    process.stdout.write(help)
    return 0
  } catch (error) {
    const told = explain(error)
    if (told === undefined) throw error
    process.stderr.write(`${told.line}\n`)
    return told.code
  }
}

async function run(options: CliOptions, env: NodeJS.ProcessEnv): Promise<number> {
  // Whoever asks for help, or has mistyped, does not wait for the whole of it.
  const { startMailServer } = await import('../mail-server.ts')
  const announcer = announcerFor(options)
  await using mail = await startMailServer({
    ...options.server,
    onDropped: (reason) => announcer.dropped(reason),
  })
  mail.mailbox.subscribe((event) => {
    if (event.kind === 'new') void announcer.message(event.captured, mail.url)
  })
  announcer.ready(mail)
  if (options.command !== undefined) return await runCommand(options.command, mail, env)
  await interrupted()
  return 0
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve())
  })
}

/** One line for what a person can mend; undefined for a bug of ours. */
function explain(error: unknown): { line: string; code: number } | undefined {
  if (error instanceof UsageError)
    return { line: `${error.message}. See: sparekey mail --help`, code: 2 }
  if (error instanceof CertificateError) return { line: error.message, code: 1 }
  const facts = listenError(error)
  return facts === undefined
    ? undefined
    : { line: `Cannot listen on ${facts.where}: ${facts.why}`, code: 1 }
}

const reasons: Record<string, string> = {
  EADDRINUSE: 'the port is taken. Choose another, or 0 for any free one (SMTP_PORT, INBOX_PORT)',
  EACCES: 'not allowed. Ports below 1024 need rights of their own',
  EADDRNOTAVAIL: 'this machine has no such address (--host)',
  ENOTFOUND: 'no such host (--host)',
}

function listenError(error: unknown) {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string')
    return undefined
  const why = reasons[error.code]
  const address = 'address' in error ? String(error.address) : ''
  const port = 'port' in error ? `:${String(error.port)}` : ''
  return why === undefined ? undefined : { where: `${address}${port}`, why }
}
