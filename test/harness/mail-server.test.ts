import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lint, startMailServer, type MailServer } from '../../harness/index.ts'
import { Dialogue } from './dialogue.ts'

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

test('a log-in without TLS and an address for a name are found by lint', async () => {
  await using dialogue = await Dialogue.open(mail.smtp.port)
  const token = Buffer.from('\0ada\0secret').toString('base64')
  await dialogue.sayAll('EHLO 127.0.0.1', `AUTH PLAIN ${token}`, 'MAIL FROM:<a@example.test>')
  await dialogue.sayAll('RCPT TO:<lint@example.test>', 'DATA', 'Subject: x\r\n\r\nx\r\n.')
  const found = lint(await mail.inbox('lint@example.test').next()).map(({ rule }) => rule)
  expect(found).toEqual(expect.arrayContaining(['auth-in-clear', 'helo-literal']))
})

test('a transcript never holds a password', async () => {
  const inbox = mail.inbox()
  const transport = createTransport({
    host: '127.0.0.1',
    port: mail.smtp.port,
    ignoreTLS: true,
    auth: inbox.credentials,
  })
  await transport.sendMail({ from: 'a@example.test', to: inbox.address, text: 'x' })
  const { session } = await inbox.next()
  const said = String(mail.transcript(session))
  expect(said).toContain('C: AUTH PLAIN')
  expect(said).not.toContain(
    Buffer.from(`\0${inbox.credentials.user}\0${inbox.credentials.pass}`).toString('base64'),
  )
})

describe('a server that is told', () => {
  test('to require STARTTLS takes no mail without it', async () => {
    await using strict = await startMailServer({ starttls: 'required' })
    await using dialogue = await Dialogue.open(strict.smtp.port)
    await dialogue.say('EHLO client.example.test')
    expect(await dialogue.say('MAIL FROM:<a@example.test>')).toMatch(
      /^530 5\.7\.0 Must issue a STARTTLS/,
    )
    await dialogue.startTls(strict.certificates.ca)
    expect(await dialogue.sayAll('EHLO client.example.test', 'MAIL FROM:<a@example.test>')).toMatch(
      /^250/,
    )
  })

  test('to have no STARTTLS offers none', async () => {
    await using bare = await startMailServer({ starttls: false })
    await using dialogue = await Dialogue.open(bare.smtp.port)
    expect(await dialogue.say('EHLO client.example.test')).not.toContain('STARTTLS')
  })

  test('to require AUTH takes only the credentials it knows', async () => {
    await using strict = await startMailServer({ auth: 'required', users: { ada: 'secret' } })
    const inbox = strict.inbox()
    const send = (auth?: { user: string; pass: string }) =>
      createTransport({
        host: '127.0.0.1',
        port: strict.smtp.port,
        ignoreTLS: true,
        ...(auth && { auth }),
      }).sendMail({
        from: 'a@example.test',
        to: inbox.address,
        text: 'x',
      })
    await expect(send()).rejects.toThrow('530')
    await expect(send({ user: 'ada', pass: 'wrong' })).rejects.toThrow('535')
    await expect(send({ user: 'eve', pass: 'secret' })).rejects.toThrow('535')
    await send({ user: 'ada', pass: 'secret' })
    await send(inbox.credentials)
    await inbox.count(2)
  })

  test('to have no AUTH offers none', async () => {
    await using bare = await startMailServer({ auth: 'off' })
    await using dialogue = await Dialogue.open(bare.smtp.port)
    expect(await dialogue.say('EHLO client.example.test')).not.toContain('AUTH')
  })

  test('a port that is taken throws what the system says, and leaves nothing open', async () => {
    await expect(startMailServer({ smtpPort: mail.smtp.port })).rejects.toThrow('EADDRINUSE')
    const port = Number(new URL(mail.url).port)
    await expect(startMailServer({ inboxPort: port })).rejects.toThrow('EADDRINUSE')
  })
})
