import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  lint,
  startMailServer,
  type MailServer,
  type MailServerOptions,
} from '../../harness/index.ts'
import { deliver } from './deliver.ts'
import { Dialogue } from './dialogue.ts'
import { full } from '../full.ts'

async function start(limits: MailServerOptions['limits'] = {}) {
  return startMailServer({ limits, inboxPort: false, smtpsPort: false })
}

/** Goes on up to DATA. */
async function upToData(mail: MailServer, to = 'b@example.test') {
  const dialogue = await Dialogue.open(mail.smtp.port)
  await dialogue.sayAll(
    'EHLO client.example.test',
    'MAIL FROM:<a@example.test>',
    `RCPT TO:<${to}>`,
    'DATA',
  )
  return dialogue
}

describe('the mailbox', () => {
  test('keeps so many messages, the oldest leave first, and it says so', async () => {
    await using mail = await start({ messages: 3 })
    const inbox = mail.inbox()
    for (const subject of ['1', '2', '3', '4', '5'])
      await deliver(mail, { to: inbox.address, subject })
    await inbox.next('5', { consume: false })
    expect((await mail.messages()).map(({ subject }) => subject)).toEqual(['3', '4', '5'])
    expect((await inbox.waiting()).map(({ subject }) => subject)).toEqual(['3', '4', '5'])
    expect(mail.mailbox.pruned).toBe(2)
    expect(mail.dropped).toHaveLength(2)
    expect(mail.dropped[0]).toContain('the mailbox is full, the oldest message was removed')
  })

  test('keeps so many bytes', async () => {
    await using mail = await start({ bytes: 20_000 })
    for (let n = 0; n < 6; n++)
      await deliver(mail, { to: 'a@example.test', text: 'x'.repeat(6_000) })
    expect(mail.mailbox.bytes).toBeLessThanOrEqual(20_000)
    expect(mail.mailbox.size).toBeGreaterThan(0)
  })

  test('remembers so many transcripts', async () => {
    await using mail = await start({ transcripts: 2 })
    for (let n = 0; n < 4; n++) await deliver(mail, { to: 'a@example.test' })
    expect(mail.transcripts).toHaveLength(2)
  })
})

test('a transcript keeps its opening and its newest lines', async () => {
  await using mail = await start()
  await using dialogue = await Dialogue.open(mail.smtp.port)
  await dialogue.say('EHLO client.example.test')
  for (let n = 0; n < 1_000; n++) await dialogue.say('NOOP')
  await dialogue.say('VRFY the-last')
  const lines = mail.transcripts[0]?.lines ?? []
  expect(lines.length).toBeLessThanOrEqual(500)
  expect(lines[1]?.text).toBe('EHLO client.example.test')
  expect(lines.at(-2)?.text).toBe('VRFY the-last')
})

describe('a message too big', () => {
  test('is refused at MAIL by the size it declares', async () => {
    await using mail = await start({ messageBytes: 1_000 })
    await using dialogue = await Dialogue.open(mail.smtp.port)
    expect(await dialogue.say('EHLO client.example.test')).toContain('SIZE 1000')
    expect(await dialogue.say('MAIL FROM:<a@example.test> SIZE=1001')).toMatch(/^552 5\.3\.4/)
  })

  test('is refused after DATA when it declared nothing, and the next one is taken', async () => {
    await using mail = await start({ messageBytes: 1_000 })
    await using dialogue = await upToData(mail)
    expect(await dialogue.say(`${'x'.repeat(998)}\r\n${'y'.repeat(998)}\r\n.`)).toMatch(
      /^552 5\.3\.4/,
    )
    expect(mail.dropped[0]).toContain('message too big')
    await dialogue.sayAll('MAIL FROM:<a@example.test>', 'RCPT TO:<b@example.test>', 'DATA')
    expect(await dialogue.say('Subject: small\r\n\r\nx\r\n.')).toMatch(/^250/)
    expect(mail.mailbox.size).toBe(1)
  })

  test('is put off when too much is being received at once', async () => {
    await using mail = await start({ bytesInFlight: 1_000 })
    await using dialogue = await upToData(mail)
    expect(await dialogue.say(`${'x'.repeat(900)}\r\n${'y'.repeat(900)}\r\n.`)).toMatch(
      /^452 4\.3\.1/,
    )
    await deliver(mail, { to: 'b@example.test' })
  })

  test.runIf(full)('FULL=1: 100 MB pass through without staying', async () => {
    await using mail = await start()
    await using dialogue = await upToData(mail)
    const line = Buffer.from(`${'x'.repeat(998)}\r\n`.repeat(1_000))
    const before = process.memoryUsage().rss
    for (let n = 0; n < 105; n++) await dialogue.writeAll(line)
    expect(await dialogue.say('.')).toMatch(/^552/)
    expect(process.memoryUsage().rss - before).toBeLessThan(160 * 1024 * 1024)
    await deliver(mail, { to: 'b@example.test' })
  })
})

describe('a client', () => {
  test('that vanishes in DATA leaves nothing, and it is said', async () => {
    await using mail = await start()
    const dialogue = await upToData(mail)
    const [session] = mail.transcripts
    dialogue.write('Subject: half\r\n\r\nha')
    dialogue.vanish()
    while (session?.endedAt === undefined) await new Promise(setImmediate)
    expect(mail.dropped[0]).toContain('the client vanished in DATA')
    expect(mail.mailbox.size).toBe(0)
    await deliver(mail, { to: 'b@example.test' })
  })

  test('that says nothing is sent away', async () => {
    await using mail = await start({ idleTime: 30 })
    await using dialogue = await Dialogue.open(mail.smtp.port)
    expect(await dialogue.reply()).toMatch(/^421/)
    await dialogue.closed()
  })

  test('that trickles its bytes is sent away all the same', async () => {
    await using mail = await start({ idleTime: 1_000, sessionTime: 60 })
    await using dialogue = await Dialogue.open(mail.smtp.port)
    const trickle = setInterval(() => dialogue.write('N'), 5)
    expect(await dialogue.reply()).toMatch(/^421 .*Session took too long/)
    clearInterval(trickle)
    await dialogue.closed()
  })

  test('that is one too many makes the oldest leave, and all others are served', async () => {
    await using mail = await start({ connections: 3 })
    const dialogues: Dialogue[] = []
    for (let n = 0; n < 5; n++) dialogues.push(await Dialogue.open(mail.smtp.port))
    expect(await dialogues[0]?.reply()).toMatch(/^421/)
    expect(await dialogues[1]?.reply()).toMatch(/^421/)
    for (const dialogue of dialogues.slice(2)) expect(await dialogue.say('NOOP')).toMatch(/^250/)
    expect(mail.dropped).toHaveLength(2)
    for (const dialogue of dialogues) dialogue.vanish()
  })

  test('that sends an endless line is cut off', async () => {
    await using mail = await start()
    await using dialogue = await Dialogue.open(mail.smtp.port)
    dialogue.write('x'.repeat(100_000))
    expect(await dialogue.reply()).toMatch(/^421 .*too long/)
  })

  test('that speaks HTTP is told to go', async () => {
    await using mail = await start()
    await using dialogue = await Dialogue.open(mail.smtp.port)
    expect(await dialogue.say('POST / HTTP/1.1')).toMatch(/^421 .*HTTP/)
  })

  test('that speaks no TLS on the TLS port does no harm', async () => {
    await using mail = await startMailServer({ inboxPort: false })
    const socket = connect(mail.smtps?.port ?? 0, '127.0.0.1')
    socket.end('EHLO client.example.test\r\n')
    socket.resume()
    await once(socket, 'close')
    await deliver(mail, { to: 'b@example.test' })
  })
})

describe('bytes', () => {
  test('bare CR and LF are kept as they came, end nothing, and are reported', async () => {
    await using mail = await start()
    await using dialogue = await upToData(mail)
    const body = 'Subject: odd\r\nDate: x\r\n\r\none\ntwo\rthree\n.\nfour\r.\rfive\n.\r\nsix\r\n'
    expect(await dialogue.say(`${body}.`)).toMatch(/^250/)
    const message = await mail.unclaimed.next()
    expect(message.raw.toString()).toBe(body)
    expect(lint(message)).toContainEqual(expect.objectContaining({ rule: 'bare-line-ending' }))
    expect(await dialogue.say('NOOP')).toMatch(/^250/)
  })

  test('of any kind come through whole, however they are cut', async () => {
    await using mail = await start()
    const inbox = mail.inbox()
    const lines = fc.array(fc.uint8Array({ maxLength: 40 }).map(withoutLineEnds), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(lines, fc.integer({ min: 1, max: 50 }), async (body, cut) => {
        const raw = Buffer.concat(body.flatMap((line) => [line, Buffer.from('\r\n')]))
        const dialogue = await upToData(mail, inbox.address)
        const wire = Buffer.concat([stuffed(body), Buffer.from('.\r\n')])
        for (let at = 0; at < wire.length; at += cut) dialogue.write(wire.subarray(at, at + cut))
        expect(await dialogue.reply()).toMatch(/^250/)
        expect((await inbox.next()).raw.equals(raw)).toBe(true)
        dialogue.vanish()
      }),
      { numRuns: full ? 500 : 40 },
    )
  })

  test('in addresses may be of any script', async () => {
    await using mail = await start()
    const inbox = mail.inbox('用户@例え.テスト')
    await using dialogue = await Dialogue.open(mail.smtp.port)
    await dialogue.sayAll(
      'EHLO client.example.test',
      'MAIL FROM:<ü@example.test> SMTPUTF8',
      `RCPT TO:<${inbox.address}>`,
      'DATA',
    )
    await dialogue.say('Subject: Grüße\r\n\r\nx\r\n.')
    expect(await inbox.next()).toMatchObject({
      subject: 'Grüße',
      envelope: { from: 'ü@example.test' },
    })
  })
})

function withoutLineEnds(bytes: Uint8Array) {
  return Buffer.from(bytes.filter((byte) => byte !== 0x0d && byte !== 0x0a))
}

/** RFC 5321 §4.5.2. */
function stuffed(lines: Buffer[]) {
  return Buffer.concat(
    lines.flatMap((line) => [
      line[0] === 0x2e ? Buffer.from('.') : Buffer.alloc(0),
      line,
      Buffer.from('\r\n'),
    ]),
  )
}

describe('in turn', () => {
  const count = full ? 10_000 : 300

  test(
    `${count} connections are served, and nothing of them stays`,
    { timeout: 300_000 },
    async () => {
      await using mail = await start({ messages: 50, transcripts: 50 })
      for (let n = 0; n < count; n++) {
        await using dialogue = await upToData(mail)
        expect(await dialogue.say('Subject: x\r\n\r\nx\r\n.')).toMatch(/^250/)
      }
      expect(mail.counts.accepted).toBe(count)
      expect(mail.mailbox.size).toBe(50)
      expect(mail.transcripts).toHaveLength(50)
    },
  )
})

test('stopping ends idle connections at once', async () => {
  const mail = await start()
  const dialogues = await Promise.all(
    Array.from({ length: 20 }, () => Dialogue.open(mail.smtp.port)),
  )
  const begin = performance.now()
  await mail.stop()
  await Promise.all(dialogues.map((dialogue) => dialogue.closed()))
  expect(performance.now() - begin).toBeLessThan(500)
})
