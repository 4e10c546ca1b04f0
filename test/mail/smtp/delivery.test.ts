import PostalMime from 'postal-mime'
import type { SMTPServerOptions } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aDelivery, aTask, LINK, PASSWORD } from './a-task.ts'
import { DEADLINES } from '../../../src/mail/smtp/deadlines.ts'
import { startMailbox } from './mailbox.ts'
import { hangUp, reply, silence, slowly, startScriptedServer } from './scripted-server.ts'
import type { Delivery } from './task.ts'
import { certificates, startTransportHost, type TransportHost } from './transport-host.ts'

let host: TransportHost
beforeAll(async () => {
  host = await startTransportHost()
})
afterAll(() => host.stop())

const { cert, key } = certificates
const login: Pick<SMTPServerOptions, 'onAuth'> = {
  onAuth({ username, password }, _session, callback) {
    if (username === 'mailer' && password === PASSWORD) callback(null, { user: 'mailer' })
    else callback(new Error('Invalid login'))
  },
}

const ways = [
  { way: 'plain', tls: 'none', options: {} },
  { way: 'STARTTLS', tls: 'starttls', options: { cert, key } },
  { way: 'implicit TLS', tls: 'implicit', options: { cert, key, secure: true } },
] as const

test.for(ways)('a message arrives over $way on loopback', async ({ tls, options }) => {
  const mailbox = await startMailbox({ ...options, ...login, allowInsecureAuth: true })
  const outcome = await host.run(
    aTask({ port: mailbox.port, tls, username: 'mailer', password: PASSWORD }),
  )
  await mailbox.stop()
  expect(outcome.messages).toMatchObject([{ ok: true, reply: { code: 250 } }])
  expect(mailbox.letters).toMatchObject([{ secure: tls !== 'none', user: 'mailer' }])
  const mail = await PostalMime.parse(mailbox.letters[0]?.raw ?? '')
  expect(mail.text?.split('\n')).toContain(LINK)
})

test('one connection carries many messages', async () => {
  const mailbox = await startMailbox()
  const messages = Array.from({ length: 20 }, (_, at) => aDelivery({ messageId: `m${at}` }))
  const outcome = await host.run(aTask({ port: mailbox.port }, { messages }))
  await mailbox.stop()
  expect(outcome.messages.every(({ ok }) => ok)).toBe(true)
  expect(mailbox.letters).toHaveLength(20)
})

describe('what arrives', () => {
  const text = `Hello José,\n\n${LINK}\n\n.a line with a dot\n.\n..\nFrom here on=\r\nthe end \t`
  const html = `<p>Olá</p>\n<p><a href="${LINK}">${LINK}</a></p>\n.\n`

  test('has the link byte for byte in both parts, alone on its line in the text', async () => {
    const { mail } = await arrive(aDelivery({ text, html }))
    expect(mail.text?.split('\n')).toContain(LINK)
    expect(mail.html).toContain(`<a href="${LINK}">${LINK}</a>`)
  })

  test('has every line of both parts, dots and spaces at the ends included', async () => {
    const { mail } = await arrive(aDelivery({ text, html }))
    expect(mail.text?.replaceAll('\r\n', '\n').trimEnd()).toBe(
      text.replaceAll('\r\n', '\n').trimEnd(),
    )
    expect(mail.html?.replaceAll('\r\n', '\n').trimEnd()).toBe(html.trimEnd())
  })

  test('has the link whole wherever quoted-printable breaks its line', async () => {
    const mailbox = await startMailbox()
    const messages = Array.from({ length: 90 }, (_, at) =>
      aDelivery({ text: `${'é'.repeat(at)}${LINK}`, html: `<p>${'x'.repeat(at)}${LINK}</p>` }),
    )
    await host.run(aTask({ port: mailbox.port }, { messages }))
    await mailbox.stop()
    expect(mailbox.letters).toHaveLength(90)
    for (const { raw } of mailbox.letters) {
      const { text, html } = await PostalMime.parse(raw)
      expect(text).toContain(LINK)
      expect(html).toContain(LINK)
    }
  })

  test('has a header that readers decode to what was written', async () => {
    const subject = `Passwort zurücksetzen für „Müller & Söhne“ ${'— sofort '.repeat(20)}🗝️`
    const { mail, raw } = await arrive(aDelivery({ subject }), 'Müller, "Söhne"')
    expect(mail).toMatchObject({
      subject,
      from: { name: 'Müller, "Söhne"', address: 'no-reply@id.example.test' },
      to: [{ address: 'ana@example.test' }],
      messageId: '<k3Jx9.1@id.example.test>',
      date: '2026-07-01T12:00:00.000Z',
    })
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m)
    expect(raw).not.toMatch(/^bcc:/im)
  })

  test('is ASCII in lines of 78 characters at most, each ended by CR LF', async () => {
    const { raw } = await arrive(aDelivery({ text, html, subject: 'für alle '.repeat(30).trim() }))
    expect(raw).toMatch(/^[\x20-\x7e\r\n\t]*$/)
    expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    const body = raw.split('\r\n').filter((line) => !line.startsWith('Content-Type: '))
    expect(Math.max(...body.map(({ length }) => length))).toBeLessThanOrEqual(78)
  })

  async function arrive(delivery: Delivery, name = 'Sparekey') {
    const sender = { address: 'no-reply@id.example.test', name }
    const mailbox = await startMailbox()
    await host.run(aTask({ port: mailbox.port, sender }, { messages: [delivery] }))
    await mailbox.stop()
    const raw = mailbox.letters[0]?.raw ?? ''
    return { raw, mail: await PostalMime.parse(raw) }
  }
})

describe('deadlines', () => {
  test('end a dialogue whose every reply is in time, and what was delivered stays delivered', async () => {
    const slow = slowly(100, '250 2.0.0 Ok')
    const server = await startScriptedServer({ stages: { MAIL: [slow] }, offers: { plain: [] } })
    const messages = Array.from({ length: 20 }, () => aDelivery())
    const limits = { deadlines: { dialogue: 700, message: 500, closing: 200 }, messages }
    const start = performance.now()
    const outcome = await host.run(aTask({ port: server.port }, limits))
    await server.stop()
    expect(performance.now() - start).toBeLessThan(1_900)
    expect(outcome.messages[0]).toMatchObject({ ok: true })
    expect(outcome.messages.at(-1)).toMatchObject({ ok: false, permanent: false })
    expect(outcome.usable).toBe(false)
  })

  test('of a port that never answers end with the stage', async () => {
    const server = await startScriptedServer({ stages: { greeting: [silence] } })
    const limits = { deadlines: { opening: 200 } }
    const outcome = await host.run(aTask({ port: server.port }, limits))
    await server.stop()
    expect(outcome.opened.message).toBe('Cannot deliver: greeting failed: no answer within 0.2 s')
  })

  test('are over within 20 seconds by default, goodbye included', () => {
    expect(DEADLINES.dialogue + DEADLINES.closing).toBeLessThan(20_000)
  })
})

test.for(['127.0.0.1', 'localhost'])('%s is a host that certificates can be for', async (name) => {
  const mailbox = await startMailbox({ cert, key })
  const outcome = await host.run(aTask({ host: name, port: mailbox.port, tls: 'starttls' }))
  await mailbox.stop()
  expect(outcome.messages).toMatchObject([{ ok: true }])
})

test.for(['::1', '[::1]'])('%s is reached', async (name) => {
  const server = await startScriptedServer({}, '::1')
  const outcome = await host.run(aTask({ host: name, port: server.port }))
  await server.stop()
  expect(outcome.messages).toMatchObject([{ ok: true }])
})

test('a port where nobody listens is told at once', async () => {
  const server = await startScriptedServer()
  await server.stop()
  const outcome = await host.run(aTask({ port: server.port }))
  expect(outcome.opened).toMatchObject({
    stage: 'connect',
    trouble: 'unreachable',
    permanent: false,
  })
})

test('many dialogues at once keep apart', async () => {
  const mailboxes = await Promise.all([startMailbox(), startMailbox(), startMailbox()])
  const tasks = Array.from({ length: 30 }, (_, at) =>
    aTask(
      { port: mailboxes[at % 3]?.port ?? 0 },
      { messages: [aDelivery({ to: `n${at}@to${at % 3}.example.test` })] },
    ),
  )
  await Promise.all(tasks.map((task) => host.run(task)))
  for (const [at, mailbox] of mailboxes.entries()) {
    await mailbox.stop()
    const recipients = mailbox.letters.flatMap(({ envelope }) => envelope.rcptTo)
    expect(recipients).toHaveLength(10)
    expect(recipients.every(({ address }) => address.endsWith(`@to${at}.example.test`))).toBe(true)
  }
})

test('nothing is written to the log, whatever happens', async () => {
  const before = host.log.length
  const server = await startScriptedServer({
    stages: { RCPT: [reply('550 no')], RSET: [hangUp()] },
  })
  await host.run(aTask({ port: server.port, username: 'mailer', password: PASSWORD }))
  await host.run(aTask({ port: server.port }))
  await server.stop()
  expect(host.log.slice(before)).toEqual([])
})
