import { createTransport, type SendMailOptions } from 'nodemailer'
import type { MailServer } from '../../harness/index.ts'

/** Sends one mail over a fresh connection, as an app would; rejects with what the server said. */
export async function deliver(mail: { smtp: { port: number } }, message: SendMailOptions = {}) {
  const transport = createTransport({ host: '127.0.0.1', port: mail.smtp.port, ignoreTLS: true })
  return transport.sendMail({
    from: 'service@example.test',
    subject: 'Hello',
    text: 'Hello',
    ...message,
  })
}

/** The same, logged in. */
export async function deliverAs(
  mail: MailServer,
  auth: { user: string; pass: string },
  message: SendMailOptions = {},
) {
  const transport = createTransport({
    host: '127.0.0.1',
    port: mail.smtp.port,
    ignoreTLS: true,
    auth,
  })
  return transport.sendMail({
    from: 'service@example.test',
    subject: 'Hello',
    text: 'Hello',
    ...message,
  })
}
