import { connect as connectTls } from 'node:tls'
import { createTransport } from 'nodemailer'
import { describe, expect } from 'vitest'
import {
  chaos,
  greylist,
  mailboxFull,
  noStartTls,
  noSuchUser,
  rateLimit,
  stages,
  startMailServer,
  wrongPassword,
  type BadCertificate,
  type FaultOptions,
  type Inbox,
  type Stage,
} from '../../harness/index.ts'
import { test } from '../../harness/vitest.ts'
import './setup.ts'
import { deliver, deliverAs } from './deliver.ts'
import { Dialogue } from './dialogue.ts'

/** Every stage strikes on an inbox's own port, where a connection is known from its first byte. */
async function reach(stage: Stage, inbox: Inbox, fault: Omit<FaultOptions, 'at'>) {
  const { port } = await inbox.open()
  const dialogue = await Dialogue.open(port, { greeting: false })
  inbox.fail({ at: stage, ...fault })
  return { dialogue, port }
}

const before: Record<Stage, string[]> = {
  connect: [],
  banner: [],
  ehlo: [],
  starttls: ['EHLO client.example.test'],
  auth: ['EHLO client.example.test'],
  mail: ['EHLO client.example.test'],
  rcpt: ['EHLO client.example.test', 'MAIL FROM:<a@example.test>'],
  data: ['EHLO client.example.test', 'MAIL FROM:<a@example.test>', 'RCPT TO:<b@example.test>'],
  'after-data': [
    'EHLO client.example.test',
    'MAIL FROM:<a@example.test>',
    'RCPT TO:<b@example.test>',
    'DATA',
  ],
  quit: ['EHLO client.example.test'],
}

const struckBy: Record<Stage, string> = {
  connect: '',
  banner: '',
  ehlo: 'EHLO client.example.test',
  starttls: 'STARTTLS',
  auth: `AUTH PLAIN ${Buffer.from('\0user\0pass').toString('base64')}`,
  mail: 'MAIL FROM:<a@example.test>',
  rcpt: 'RCPT TO:<b@example.test>',
  data: 'DATA',
  'after-data': 'Subject: x\r\n\r\nx\r\n.',
  quit: 'QUIT',
}

/** Opens a connection to a port of the inbox's own, and goes up to where the fault strikes. */
async function strike(stage: Stage, inbox: Inbox, fault: Omit<FaultOptions, 'at'>) {
  const { port } = await inbox.open()
  inbox.fail({ at: stage, ...fault })
  const isGreeting = stage === 'connect' || stage === 'banner'
  const dialogue = await Dialogue.open(port, { greeting: !isGreeting })
  await dialogue.sayAll(...before[stage])
  if (!isGreeting) dialogue.write(`${struckBy[stage]}\r\n`)
  return dialogue
}

describe.each(stages)('at %s', (stage) => {
  test('a fault replies with its code and words', async ({ inbox }) => {
    await using dialogue = await strike(stage, inbox, { code: 432, text: '4.3.2 Staged' })
    expect(await dialogue.reply()).toBe('432 4.3.2 Staged')
  })

  test('a fault drops the connection', async ({ inbox }) => {
    await using dialogue = await strike(stage, inbox, { drop: true })
    expect(await dialogue.closed()).toBe('closed')
    expect(dialogue.rest).toBe('')
  })

  test('a fault resets the connection', async ({ inbox }) => {
    await using dialogue = await strike(stage, inbox, { drop: 'reset' })
    expect(await dialogue.closed()).toBe('reset')
  })

  test('a fault gives half a reply and closes', async ({ inbox }) => {
    await using dialogue = await strike(stage, inbox, { half: 'drop' })
    await dialogue.closed()
    expect(dialogue.rest).toMatch(/^\d{3} ?[^\r\n]*$/)
  })

  test('a fault delays, and then all is well', async ({ inbox }) => {
    const start = performance.now()
    await using dialogue = await strike(stage, inbox, { delay: 40 })
    expect(await dialogue.reply()).toMatch(/^[23]\d\d/)
    expect(performance.now() - start).toBeGreaterThanOrEqual(39)
  })

  test('a fault never answers, and stopping does not wait for it', async () => {
    await using mail = await startMailServer()
    await using dialogue = await strike(stage, mail.inbox(), { hang: true })
    await mail.stop()
    await dialogue.closed()
    expect(dialogue.rest).toBe('')
  })
})

describe('a fault', () => {
  test('strikes as often as it was told, and then no more', async ({ mail, inbox }) => {
    const fault = inbox.fail({ at: 'rcpt', code: 451, times: 2 })
    await expect(deliver(mail, { to: inbox.address })).rejects.toThrow('451')
    await expect(deliver(mail, { to: inbox.address })).rejects.toThrow('451')
    await deliver(mail, { to: inbox.address })
    expect(fault).toMatchObject({ hits: 2, spent: true })
    await inbox.next()
  })

  test('lets the first ones pass when told so', async ({ mail, inbox }) => {
    inbox.fail({ at: 'rcpt', code: 451, after: 1, times: 1 })
    await deliver(mail, { to: inbox.address })
    await expect(deliver(mail, { to: inbox.address })).rejects.toThrow('451')
    await deliver(mail, { to: inbox.address })
    await inbox.count(2)
  })

  test('of one inbox leaves another alone', async ({ mail, inbox }) => {
    const other = mail.inbox()
    inbox.fail({ at: 'rcpt', code: 550 })
    inbox.fail({ at: 'after-data', code: 554 })
    await deliver(mail, { to: other.address })
    await expect(deliver(mail, { to: inbox.address })).rejects.toThrow('550')
  })

  test('of an inbox strikes before RCPT when its credentials are known', async ({
    mail,
    inbox,
  }) => {
    inbox.fail({ at: 'mail', code: 452 })
    const sent = deliverAs(mail, inbox.credentials, { to: 'anybody@example.com' })
    await expect(sent).rejects.toThrow('452')
    await deliver(mail, { to: 'anybody@example.com' })
  })

  test('for one recipient refuses that one and takes the others', async ({ mail, inbox }) => {
    const other = mail.inbox()
    inbox.fail({ at: 'rcpt', to: /amber|coral|.*/, code: 550 })
    const { rejected } = await deliver(mail, { to: [inbox.address, other.address] })
    expect(rejected).toEqual([inbox.address])
    expect((await other.next()).envelope.to).toEqual([other.address])
  })

  test('staged on the server strikes for everybody it names', async ({ mail, inbox }) => {
    using fault = mail.fail({ at: 'rcpt', to: inbox.address, code: 551 })
    await expect(deliver(mail, { to: inbox.address })).rejects.toThrow('551')
    expect(fault.hits).toBe(1)
  })

  test('ends when it is removed, and with its scope', async ({ mail, inbox }) => {
    {
      using _fault = inbox.fail({ at: 'rcpt', code: 550 })
      await expect(deliver(mail, { to: inbox.address })).rejects.toThrow('550')
    }
    await deliver(mail, { to: inbox.address })
  })

  test('stands in the transcript of the session it struck', async ({ mail, inbox }) => {
    inbox.fail({ at: 'rcpt', code: 451, times: 1 })
    await expect(deliver(mail, { to: inbox.address })).rejects.toThrow('451')
    const transcript = mail.transcripts.findLast((one) => String(one).includes(inbox.address))
    expect(String(transcript)).toContain('-- fault at rcpt: reply 451, 1 of 1 struck')
    expect(transcript?.refusals).toContain(
      `RCPT TO:<${inbox.address}> → 451 4.3.0 Recipient refused (staged)`,
    )
  })

  test.for<[string, FaultOptions]>([
    ['an unknown stage', JSON.parse('{"at":"lunch"}')],
    ['a code that is no refusal', { at: 'rcpt', code: 250 }],
    ['a certificate at RCPT', { at: 'rcpt', certificate: 'expired' }],
    ['keywords hidden at MAIL', { at: 'mail', hide: ['AUTH'] }],
    ['no strike at all', { at: 'mail', times: 0 }],
    ['a bounce at RCPT', { at: 'rcpt', bounce: {} }],
  ])('with %s is refused when it is staged', ([, options], { inbox }) => {
    expect(() => inbox.fail(options)).toThrow()
  })

  test('after DATA may keep the message that the sender believes lost', async ({ mail, inbox }) => {
    inbox.fail({ at: 'after-data', drop: true, keep: true, times: 1 })
    await expect(deliver(mail, { to: inbox.address, subject: 'Twice' })).rejects.toThrow()
    await deliver(mail, { to: inbox.address, subject: 'Twice' })
    await inbox.count(2, { filter: 'Twice' })
  })

  test('after DATA keeps nothing otherwise', async ({ mail, inbox }) => {
    inbox.fail({ at: 'after-data', code: 451, times: 1 })
    await expect(deliver(mail, { to: inbox.address })).rejects.toThrow('451')
    await inbox.none({ for: 10 })
  })
})

describe('troubles that are ready to stage', () => {
  test('greylist puts off the first attempt and takes the next', async ({ mail, inbox }) => {
    inbox.fail(greylist())
    await expect(deliver(mail, { to: inbox.address })).rejects.toThrow('Greylisted')
    await deliver(mail, { to: inbox.address })
    await inbox.next()
  })

  test('greylist with a time takes what comes after it', async ({ mail, inbox }) => {
    let now = 0
    inbox.fail(greylist({ for: 300_000, now: () => now }))
    await expect(deliver(mail, { to: inbox.address })).rejects.toThrow('Greylisted')
    await expect(deliver(mail, { to: inbox.address })).rejects.toThrow('Greylisted')
    now = 300_000
    await deliver(mail, { to: inbox.address })
  })

  test('rate limit takes so many in a window', async ({ mail, inbox }) => {
    let now = 0
    inbox.fail(rateLimit({ messages: 2, per: 1_000, now: () => now }))
    const send = () => deliverAs(mail, inbox.credentials, { to: inbox.address })
    await send()
    await send()
    await expect(send()).rejects.toThrow('450')
    now = 1_000
    await send()
    await inbox.count(3)
  })

  test('mailbox full is for now, or for good', async ({ mail, inbox }) => {
    using full = inbox.fail(mailboxFull())
    await expect(deliver(mail, { to: inbox.address })).rejects.toThrow('452 4.2.2 Mailbox full')
    full.remove()
    inbox.fail(mailboxFull({ permanent: true }))
    await expect(deliver(mail, { to: inbox.address })).rejects.toThrow('552 5.2.2 Mailbox full')
  })

  test('no such user and a wrong password say so', async ({ mail, inbox }) => {
    inbox.fail(noSuchUser())
    await expect(deliver(mail, { to: inbox.address })).rejects.toThrow('550 5.1.1')
    inbox.fail(wrongPassword())
    const sent = deliverAs(mail, inbox.credentials, { to: 'x@example.com' })
    await expect(sent).rejects.toThrow('535 5.7.8')
  })

  test('no STARTTLS is neither offered nor understood', async ({ inbox }) => {
    const { dialogue } = await reach('ehlo', inbox, noStartTls())
    await using client = dialogue
    await client.reply()
    expect(await client.say('EHLO client.example.test')).not.toContain('STARTTLS')
    expect(await client.say('STARTTLS')).toMatch(/^500/)
    expect(await client.say('MAIL FROM:<a@example.test>')).toMatch(/^250/)
  })

  test('chaos with a seed fails the same way every time', async ({ mail }) => {
    const run = async () => {
      const inbox = mail.inbox()
      inbox.fail(chaos({ at: 'rcpt', probability: 0.5, seed: 7 }))
      const outcomes: boolean[] = []
      for (let n = 0; n < 12; n++) {
        outcomes.push(
          await deliver(mail, { to: inbox.address }).then(
            () => true,
            () => false,
          ),
        )
      }
      return outcomes
    }
    const [first, second] = [await run(), await run()]
    expect(first).toEqual(second)
    expect(new Set(first).size).toBe(2)
  })
})

describe.each<BadCertificate>(['expired', 'other-host', 'other-ca'])(
  'a certificate: %s',
  (certificate) => {
    test('is shown at STARTTLS, and a careful client leaves', async ({ mail, inbox }) => {
      const { port } = await inbox.open()
      inbox.fail({ at: 'starttls', certificate, times: 1 })
      const transport = createTransport({
        host: 'localhost',
        port,
        requireTLS: true,
        tls: { ca: mail.certificates.ca },
      })
      const message = { from: 'a@example.test', to: inbox.address, text: 'x' }
      await expect(transport.sendMail(message)).rejects.toThrow(reasons[certificate])
      await transport.sendMail(message)
      expect((await inbox.next()).tls).toMatchObject({ by: 'starttls' })
    })

    test('is shown with implicit TLS, and a careful client leaves', async ({ mail }) => {
      using _fault = mail.fail({ at: 'connect', certificate, times: 1 })
      const port = mail.smtps?.port ?? 0
      const code = await new Promise((resolve) => {
        const socket = connectTls({ port, host: 'localhost', ca: mail.certificates.ca })
        socket.once('secureConnect', () => resolve('trusted'))
        socket.once('error', (error) => resolve(error.message))
      })
      expect(code).toMatch(reasons[certificate])
    })
  },
)

const reasons = {
  expired: /expired/i,
  'other-host': /does not match|altnames/i,
  'other-ca': /unable to verify|unable to get|self.signed/i,
}

describe('a bounce', () => {
  test('goes to the envelope sender, as RFC 3464 has it', async ({ mail, inbox }) => {
    const sender = mail.inbox()
    await deliver(mail, { from: sender.address, to: inbox.address, subject: 'To be bounced' })
    mail.bounce(await inbox.next(), { status: '5.2.2', diagnostic: '552 5.2.2 Mailbox full' })
    const bounce = await sender.next()
    expect(bounce.envelope).toMatchObject({ from: '', to: [sender.address] })
    expect(bounce.header('content-type')).toMatch(/^multipart\/report; report-type=delivery-status/)
    const status = bounce.attachments.find(
      ({ contentType }) => contentType === 'message/delivery-status',
    )
    expect(status?.content.toString()).toContain(
      `Final-Recipient: rfc822; ${inbox.address}\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 Mailbox full`,
    )
    expect(bounce.raw.toString()).toContain('Subject: To be bounced')
  })

  test('follows every accepted message when it is staged', async ({ mail, inbox }) => {
    const sender = mail.inbox()
    inbox.fail({ at: 'after-data', bounce: { action: 'delayed' }, times: 1 })
    await deliver(mail, { from: sender.address, to: inbox.address })
    expect(await sender.next()).toMatchMail({ subject: 'Delayed Mail', body: 'is delayed to' })
    await inbox.next()
  })

  test('is never bounced', async ({ mail, inbox }) => {
    const sender = mail.inbox()
    await deliver(mail, { from: sender.address, to: inbox.address })
    mail.bounce(await inbox.next())
    const bounce = await sender.next()
    expect(() => mail.bounce(bounce)).toThrow(TypeError)
  })
})
