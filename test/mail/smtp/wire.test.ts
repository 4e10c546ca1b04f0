import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aDelivery, aTask, PASSWORD } from './a-task.ts'
import {
  bytewise,
  reply,
  startScriptedServer,
  type Script,
  type ScriptStage,
} from './scripted-server.ts'
import type { Delivery, Task } from './task.ts'
import { certificates, startTransportHost, type TransportHost } from './transport-host.ts'

let host: TransportHost
beforeAll(async () => {
  host = await startTransportHost()
})
afterAll(() => host.stop())

describe('what a server reads', () => {
  test('is RFC 5321 to the letter: a domain in EHLO, no space in MAIL and RCPT, bounces wanted', async () => {
    const { seen, outcome } = await run({ offers: { plain: ['DSN', 'PIPELINING'] } })
    expect(outcome.messages).toMatchObject([{ ok: true }])
    expect(seen.commands).toEqual([
      'EHLO id.example.test',
      'MAIL FROM:<no-reply@id.example.test>',
      'RCPT TO:<ana@example.test> NOTIFY=FAILURE',
      'DATA',
      'QUIT',
    ])
  })

  test('has no DSN parameter where DSN is not offered', async () => {
    const { seen } = await run({ offers: { plain: [] } })
    expect(seen.commands).toContain('RCPT TO:<ana@example.test>')
  })

  test('falls back to HELO for a server of 1982', async () => {
    const EHLO = [reply('500 5.5.1 What?')]
    const { seen, outcome } = await run({ stages: { EHLO } })
    expect(outcome.messages).toMatchObject([{ ok: true }])
    expect(seen.commands).toContain('HELO id.example.test')
  })

  test('has domains in punycode', async () => {
    const { seen } = await run({}, { messages: [aDelivery({ to: 'ana@exämple.test' })] })
    expect(seen.commands).toContain('RCPT TO:<ana@xn--exmple-cua.test>')
  })

  test('asks for SMTPUTF8 when an address needs it, and only then', async () => {
    const messages = [aDelivery({ to: 'josé@example.test' }), aDelivery()]
    const { seen, outcome } = await run({ offers: { plain: ['SMTPUTF8'] } }, { messages })
    expect(outcome.messages).toMatchObject([{ ok: true }, { ok: true }])
    expect(seen.commands.filter((line) => line.startsWith('MAIL'))).toEqual([
      'MAIL FROM:<no-reply@id.example.test> SMTPUTF8',
      'MAIL FROM:<no-reply@id.example.test>',
    ])
    expect(Buffer.from(seen.plain, 'latin1').toString()).toContain('RCPT TO:<josé@example.test>')
  })

  test('never holds an address that the server cannot read', async () => {
    const messages = [aDelivery({ to: 'josé@example.test' }), aDelivery()]
    const { seen, outcome } = await run({ offers: { plain: ['8BITMIME'] } }, { messages })
    expect(outcome.messages).toMatchObject([
      { stage: 'RCPT', trouble: 'unsupported', permanent: true },
      { ok: true },
    ])
    expect(seen.commands.filter((line) => line.startsWith('MAIL'))).toHaveLength(1)
  })

  test('has one recipient per message, and no Bcc', async () => {
    const messages = ['ana', 'bo', 'cy'].map((name) => aDelivery({ to: `${name}@example.test` }))
    const { seen } = await run({}, { messages })
    expect(seen.commands.filter((line) => line.startsWith('RCPT'))).toHaveLength(3)
    expect(seen.plain).not.toMatch(/^bcc:/im)
  })
})

describe('credentials', () => {
  const password = 'pässwörd-☂'
  const username = 'jürgen'
  const utf8 = (text: string) => Buffer.from(text).toString('base64')

  test('go out as UTF-8 in AUTH PLAIN', async () => {
    const { seen } = await run(
      { offers: { plain: ['AUTH LOGIN PLAIN'] } },
      {},
      { username, password },
    )
    expect(seen.commands).toContain(`AUTH PLAIN ${utf8(`\0${username}\0${password}`)}`)
  })

  test('go out as UTF-8 in AUTH LOGIN', async () => {
    const AUTH = [reply('334 VXNlcm5hbWU6')]
    const stages = { AUTH, 'AUTH line': [reply('334 UGFzc3dvcmQ6'), null] }
    const script = { offers: { plain: ['AUTH LOGIN'] }, stages }
    const { seen, outcome } = await run(script, {}, { username, password })
    expect(outcome.messages).toMatchObject([{ ok: true }])
    expect(seen.plain).toContain(`AUTH LOGIN\r\n${utf8(username)}\r\n${utf8(password)}\r\n`)
  })
})

describe('a reply', () => {
  const replies: Partial<Record<ScriptStage, string[]>> = {
    greeting: ['220-mail.example.test ESMTP', '220-No UBE', '220 Welcome'],
    EHLO: ['250-mail.example.test', '250-STARTTLS', '250-SIZE 10240000', '250 ENHANCEDSTATUSCODES'],
    'secure EHLO': [
      '250-mail.example.test',
      '250-AUTH=PLAIN LOGIN',
      '250-AUTH PLAIN LOGIN',
      '250 DSN',
    ],
    AUTH: ['235-2.7.0 Welcome', '235 2.7.0 back'],
    MAIL: ['250-2.1.0 Sender', '250 2.1.0 ok'],
    RCPT: ['250-2.1.5 Recipient', '250 2.1.5 ok'],
    DATA: ['354-Go', '354 ahead'],
    message: ['250-2.0.0 Queued', '250 2.0.0 as 4bXy1z'],
    RSET: ['250-2.0.0 Flushed', '250 2.0.0 ok'],
    QUIT: ['221-2.0.0 Bye', '221 2.0.0 bye'],
  }

  test('is read as one when it comes byte by byte, at every stage', async () => {
    const stages = Object.fromEntries(
      Object.entries(replies).map(([stage, lines]) => [stage, [bytewise(...lines)]]),
    )
    const { outcome } = await run({ stages, tls: certificates }, twoMessages, overTls)
    expect(outcome.messages).toMatchObject([
      { ok: true, reply: { code: 250, enhanced: '2.0.0', text: 'Queued as 4bXy1z' } },
      { ok: true },
    ])
  })

  test('that is glued to a 421 counts, and the 421 ends the connection', async () => {
    const message = [reply('250 2.0.0 Queued', '421 4.3.2 Going down')]
    const { outcome } = await run({ stages: { message } }, twoMessages)
    expect(outcome.messages).toMatchObject([{ ok: true }, { ok: false, permanent: false }])
    expect(outcome.usable).toBe(false)
  })

  test('that says 421 before its command ends the message with that code', async () => {
    const MAIL = [reply('250 2.1.0 Ok', '421 4.3.2 Going down')]
    const { outcome } = await run({ stages: { MAIL } })
    expect(outcome.messages).toMatchObject([{ stage: 'MAIL', code: 421, permanent: false }])
  })

  test.for(['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA'] as const)(
    'that is glued to another at %s is never taken for the answer to the next command',
    async (stage) => {
      const good = stage === 'greeting' ? '220 a' : stage === 'DATA' ? '354 a' : '250 a'
      const { outcome } = await run({ stages: { [stage]: [reply(good, '250 b', '250 c')] } })
      const [failure = outcome.opened] = outcome.messages
      expect(failure).toMatchObject({ ok: false, trouble: 'malformed', permanent: false })
    },
  )

  test.for([
    ['MAIL', '354 Go'],
    ['RCPT', '334 '],
    ['DATA', '250 Ok'],
    ['message', '354 Go'],
  ] as const)(
    'at %s that answers something else (%s) breaks the dialogue',
    async ([stage, line]) => {
      const { outcome } = await run({ stages: { [stage]: [reply(line)] } })
      expect(outcome.messages).toMatchObject([{ ok: false, stage, trouble: 'malformed' }])
      expect(outcome.usable).toBe(false)
    },
  )
})

const twoMessages = { messages: [aDelivery(), aDelivery()] }
const overTls = { tls: 'starttls', username: 'mailer', password: PASSWORD } as const

async function run(
  script: Script,
  rest: { messages?: Delivery[] } = {},
  settings: Partial<Task['settings']> = {},
) {
  const server = await startScriptedServer({ offers: { plain: [] }, ...script })
  const outcome = await host.run(aTask({ port: server.port, ...settings }, rest))
  await server.stop()
  return { outcome, seen: server.seen }
}
