import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aDelivery, aTask, LINK, PASSWORD } from './a-task.ts'
import { raw, reply, startScriptedServer, type Script } from './scripted-server.ts'
import type { Task } from './task.ts'
import { certificates, startTransportHost, type TransportHost } from './transport-host.ts'

let host: TransportHost
beforeAll(async () => {
  host = await startTransportHost()
})
afterAll(() => host.stop())

const deadlines = { opening: 2_000, message: 2_000 } // ms
const login = { username: 'mailer', password: PASSWORD }
const withLogin = { tls: 'starttls', ...login } as const

describe('with STARTTLS stripped', () => {
  const strippings: { stripping: string; script: Script }[] = [
    { stripping: 'the line is gone', script: { offers: { plain: ['AUTH PLAIN LOGIN'] } } },
    { stripping: 'its name is masked', script: { offers: { plain: ['XXXXXXXA', 'AUTH PLAIN'] } } },
    { stripping: 'EHLO is refused', script: { stages: { EHLO: [reply('502 no')] } } },
    { stripping: 'STARTTLS is refused', script: { stages: { STARTTLS: [reply('454 no')] } } },
    {
      stripping: 'TLS never starts',
      script: { stages: { STARTTLS: [reply('220 go', '250 ok')] } },
    },
    {
      stripping: 'TLS is answered in clear',
      script: { stages: { STARTTLS: [raw('220 go\r\n')] } },
    },
  ]

  test.for(strippings)('nothing secret crosses the wire when $stripping', async ({ script }) => {
    const server = await startScriptedServer(script)
    const outcome = await host.run(aTask({ port: server.port, ...withLogin }, { deadlines }))
    await server.stop()
    expect(outcome.opened).toMatchObject({ ok: false, permanent: false })
    const crossed = `${server.seen.plain}${server.seen.secure}`
    for (const secret of secretsOf(outcome.opened.message)) expect(crossed).not.toContain(secret)
    expect(server.seen.commands.every((line) => /^(EHLO|HELO|STARTTLS)/.test(line))).toBe(true)
  })

  /** The password in every form, the token, the addresses; and the error must not have them either. */
  function secretsOf(message = ''): string[] {
    const plain = btoa(`\0mailer\0${PASSWORD}`)
    const secrets = [PASSWORD, btoa(PASSWORD), plain, LINK, 'ana@', 'no-reply@', 'mailer']
    for (const secret of secrets) expect(message).not.toContain(secret)
    return secrets
  }
})

describe('what was said before TLS', () => {
  test('an EHLO reply that a stripper replaced is refused by name', async () => {
    const outcome = await run({ offers: { plain: ['8BITMIME'] } }, withLogin)
    expect(outcome.opened).toMatchObject({
      stage: 'STARTTLS',
      trouble: 'insecure',
      message: 'Cannot deliver: STARTTLS failed: the server does not offer it',
    })
  })

  test('a reply injected behind the one to STARTTLS breaks the dialogue', async () => {
    const injected = reply('220 go', '250-evil', '250 AUTH PLAIN')
    const outcome = await run({ stages: { STARTTLS: [injected] } }, withLogin)
    expect(outcome.opened).toMatchObject({ trouble: 'malformed', stage: 'STARTTLS' })
  })

  test('a reply injected behind the one to EHLO breaks the dialogue', async () => {
    const injected = reply('250-mail', '250 STARTTLS', '220 go')
    const outcome = await run({ stages: { EHLO: [injected] } }, withLogin)
    expect(outcome.opened).toMatchObject({ trouble: 'malformed' })
  })

  test('capabilities from before TLS are forgotten', async () => {
    const offers = { plain: ['STARTTLS', 'DSN', 'SMTPUTF8', 'AUTH PLAIN'], secure: ['AUTH LOGIN'] }
    const server = await startScriptedServer({ tls: certificates, offers, stages: challenges })
    const task = aTask({ port: server.port, ...withLogin }, { deadlines })
    const outcome = await host.run({
      ...task,
      messages: [aDelivery(), aDelivery({ to: 'josé@example.test' })],
    })
    await server.stop()
    expect(outcome.messages).toMatchObject([{ ok: true }, { ok: false, trouble: 'unsupported' }])
    expect(server.seen.commands).toContain('AUTH LOGIN')
    expect(server.seen.commands.join()).not.toMatch(/NOTIFY|RET=/)
  })

  test('a host name cannot pose as a capability', async () => {
    const ehlo = reply('250-AUTH PLAIN CRAM-MD5 DSN', '250 SIZE 1000')
    const server = await startScriptedServer({ stages: { EHLO: [ehlo] } })
    const outcome = await host.run(aTask({ port: server.port }, { deadlines }))
    await server.stop()
    expect(outcome.messages).toMatchObject([{ ok: true }])
    expect(server.seen.commands.join()).not.toMatch(/NOTIFY|RET=/)
  })
})

describe('a certificate', () => {
  const { cert, key, bad } = certificates
  const refused = [
    { certificate: 'that is expired', tls: bad.expired },
    { certificate: 'for another host', tls: bad['other-host'] },
    { certificate: 'signed by a stranger', tls: bad['other-ca'] },
  ]

  test.for(refused)('$certificate is refused after STARTTLS', async ({ tls }) => {
    const outcome = await run({ tls }, withLogin)
    expect(outcome.opened).toMatchObject({ stage: 'TLS', trouble: 'unreachable', permanent: false })
  })

  test.for(refused)('$certificate is refused at implicit TLS', async ({ tls }) => {
    const script = { tls: { ...tls, implicit: true } }
    const outcome = await run(script, { ...withLogin, tls: 'implicit' })
    expect(outcome.opened).toMatchObject({ stage: 'connect', trouble: 'unreachable' })
    expect(outcome.opened.message).toContain('or its certificate is not trusted')
  })

  test('that is good is not asked for twice', async () => {
    const outcome = await run(
      { tls: { cert, key, implicit: true } },
      { ...withLogin, tls: 'implicit' },
    )
    expect(outcome.opened).toMatchObject({ ok: true })
  })
})

describe('AUTH', () => {
  test('that is not offered is named', async () => {
    const outcome = await run({ offers: { secure: [] } }, withLogin)
    expect(outcome.opened).toMatchObject({
      stage: 'AUTH',
      trouble: 'unsupported',
      permanent: false,
      message: 'Cannot deliver: AUTH failed: the server offers no AUTH; PLAIN or LOGIN is needed',
    })
  })

  test('with a mechanism of its own is named', async () => {
    const outcome = await run({ offers: { secure: ['AUTH XOAUTH2 CRAM-MD5'] } }, withLogin)
    expect(outcome.opened.message).toContain('the server offers only AUTH XOAUTH2 CRAM-MD5')
  })

  test('that is refused is about settings, so the message may wait', async () => {
    const AUTH = [reply('535 5.7.8 Authentication credentials invalid')]
    const outcome = await run({ stages: { AUTH } }, withLogin)
    expect(outcome.opened).toMatchObject({ stage: 'AUTH', code: 535, permanent: false })
  })

  test('that is asked for only at MAIL is about settings too', async () => {
    const MAIL = [reply('530 5.7.0 Authentication required')]
    const outcome = await run({ stages: { MAIL } }, { tls: 'none' })
    expect(outcome.messages).toMatchObject([{ stage: 'MAIL', code: 530, permanent: false }])
  })

  test('is not used when we have no credentials', async () => {
    const outcome = await run({ offers: { plain: ['AUTH PLAIN'] } }, { tls: 'none' })
    expect(outcome.messages).toMatchObject([{ ok: true }])
  })
})

describe('a server that quotes what it was told in confidence', () => {
  test.for([PASSWORD, btoa(PASSWORD), btoa(`\0mailer\0${PASSWORD}`)])(
    'gets no password into the error (%s)',
    async (quote) => {
      const AUTH = [reply(`535 5.7.8 Do not know "${quote}"`)]
      const outcome = await run({ stages: { AUTH } }, withLogin)
      expect(outcome.opened.message).toContain('535 5.7.8 Do not know "[redacted]"')
      expect(JSON.stringify(outcome)).not.toContain(quote)
    },
  )

  test('gets no link into the error', async () => {
    const message = [reply(`554-5.7.1 Listed: ${LINK}.`, `554 5.7.1 and ${LINK.slice(30)}`)]
    const outcome = await run({ stages: { message } }, { tls: 'none' })
    expect(outcome.messages).toMatchObject([{ code: 554, enhanced: '5.7.1', permanent: true }])
    expect(JSON.stringify(outcome)).not.toContain(LINK.slice(60))
  })

  test('gets no recipient into the error', async () => {
    const RCPT = [reply('550 5.1.1 <Ana@Example.test>: Recipient address rejected')]
    const outcome = await run({ stages: { RCPT } }, { tls: 'none' })
    expect(outcome.messages[0]?.message).toBe(
      'Cannot deliver: RCPT refused: 550 5.1.1 <[redacted]>: Recipient address rejected',
    )
  })

  test('gets no control characters into the error', async () => {
    const RCPT = [reply('550 5.1.1 \u001b[2Jgone\u0007 \u202eevil')]
    const outcome = await run({ stages: { RCPT } }, { tls: 'none' })
    expect(outcome.messages[0]?.message).toBe(
      'Cannot deliver: RCPT refused: 550 5.1.1 [2Jgone evil',
    )
  })
})

describe('settings and messages are refused before a connection is opened', () => {
  test.for(['mail.example.test', '10.0.0.1', '128.0.0.1', 'localhost.example.test'])(
    'SMTP without TLS to %s',
    async (hostName) => {
      const outcome = await host.run(aTask({ host: hostName, port: 25, tls: 'none' }))
      expect(outcome.opened.message).toContain('without TLS: only loopback hosts may')
    },
  )

  const breaks = ['\r\nRCPT TO:<evil@z.test>', '\nX: y', '\rX: y', '\0', '\u2028X']
  test.for(breaks)('%j in a subject, a name or a Message-ID', async (text) => {
    const server = await startScriptedServer()
    const sender = { address: 'no-reply@id.example.test', name: `Sparekey${text}` }
    const tasks: Task[] = [
      aTask({ port: server.port }, { messages: [aDelivery({ subject: `Hello${text}` })] }),
      aTask({ port: server.port }, { messages: [aDelivery({ messageId: `id${text}` })] }),
      aTask({ port: server.port, sender }),
    ]
    for (const task of tasks) {
      const outcome = await host.run(task)
      expect(outcome.messages[0]?.message).toContain('is not fit for mail')
    }
    await server.stop()
    expect(server.seen.commands.join()).not.toMatch(/MAIL|RCPT|DATA/)
  })
})

const challenges = {
  AUTH: [reply('334 VXNlcm5hbWU6')],
  'AUTH line': [reply('334 UGFzc3dvcmQ6'), reply('235 2.7.0 Ok')],
}

async function run(script: Script, settings: Partial<Task['settings']>) {
  const server = await startScriptedServer({ tls: certificates, ...script })
  const outcome = await host.run(aTask({ port: server.port, ...settings }, { deadlines }))
  await server.stop()
  return outcome
}
