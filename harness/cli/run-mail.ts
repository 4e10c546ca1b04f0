/**
 * `sparekey mail`: the harness alone, at the command line.
 */
import { startMailServer, type MailServer, type MailServerOptions } from '../mail-server.ts'
import { tellMessage } from './tell-message.ts'

/**
 * Runs the command until it is interrupted, and resolves to its exit code.
 * `argv` is what follows the command's name.
 */
export async function runMail(_argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const mail = await startMailServer(optionsFrom(env))
  mail.mailbox.subscribe((event) => {
    if (event.kind === 'new') void tellMessage(event.captured, mail.url)
  })
  announce(mail)
  await interrupted()
  await mail.stop()
  return 0
}

function optionsFrom(env: NodeJS.ProcessEnv): MailServerOptions {
  return {
    smtpPort: Number(env['SMTP_PORT'] ?? 1025),
    inboxPort: Number(env['INBOX_PORT'] ?? 8025),
    onDropped: (reason) => process.stderr.write(`dropped: ${reason}\n`),
  }
}

/** Other programs wait for these two lines; nothing else on standard output begins like them. */
function announce(mail: MailServer) {
  process.stdout.write(`inbox ${mail.url}\nsmtp ${mail.smtp.host}:${mail.smtp.port}\n`)
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}
