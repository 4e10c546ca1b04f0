import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startMailServer, type MailServer } from '../../harness/index.ts'

let mail: MailServer

beforeAll(async () => {
  mail = await startMailServer()
})

afterAll(() => mail.stop())

test('a message sent over SMTP is in the inbox of its recipient', async () => {
  const inbox = mail.inbox()
  const transport = createTransport({ host: '127.0.0.1', port: mail.smtp.port, ignoreTLS: true })
  await transport.sendMail({
    from: 'Ada <ada@example.test>',
    to: inbox.address,
    subject: 'Reset your password',
    text: 'Open https://app.example.test/reset_password/abc.',
  })
  const message = await inbox.next({ subject: /reset/i })
  expect(message.link('/reset_password/')).toBe('https://app.example.test/reset_password/abc')
  expect(message.tls).toBe(false)
  expect(message.envelope).toMatchObject({ from: 'ada@example.test', to: [inbox.address] })
  expect(message.raw.toString()).toContain('Subject: Reset your password')
})

test('STARTTLS and AUTH are seen on the message', async () => {
  const inbox = mail.inbox()
  const transport = createTransport({
    host: 'localhost',
    port: mail.smtp.port,
    requireTLS: true,
    tls: { ca: mail.certificates.ca },
    auth: inbox.credentials,
  })
  await transport.sendMail({
    from: 'a@example.test',
    to: 'anybody@example.com',
    subject: 'Hello',
    text: 'x',
  })
  const message = await inbox.next('hello')
  expect(message.tls).toMatchObject({ protocol: 'TLSv1.3', by: 'starttls' })
  expect(message.auth).toMatchObject({ user: inbox.credentials.user })
})

test('implicit TLS has a port of its own', async () => {
  const inbox = mail.inbox()
  const transport = createTransport({
    host: 'localhost',
    port: mail.smtps?.port,
    secure: true,
    tls: { ca: mail.certificates.ca },
  })
  await transport.sendMail({
    from: 'a@example.test',
    to: inbox.address,
    subject: 'Hello',
    text: 'x',
  })
  expect((await inbox.next()).tls).toMatchObject({ by: 'implicit' })
})

test('the newest message is read over HTTP in the shape of Mailpit', async () => {
  const response = await fetch(`${mail.url}/api/v1/message/latest`)
  expect(await response.json()).toMatchObject({
    Subject: 'Hello',
    From: { Address: 'a@example.test' },
  })
})
