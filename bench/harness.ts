/**
 * The mail harness beside stock smtp-server, in one run on one machine: what a
 * test waits for, what a load test needs, and what stays in memory. Clients run in
 * the same process, so each side carries their cost.
 */
import { once } from 'node:events'
import { SMTPServer } from 'smtp-server'
import { startMailServer, type Limits, type MailServer } from '../harness/index.ts'
import { type Figure, medianOf, spreadOf } from './figure.ts'
import { SmtpSender } from './smtp-sender.ts'

interface HarnessFigures {
  /** Milliseconds from connecting to a parsed message with its link read out, median. */
  fresh: { plain: number; starttls: number; stock: number }
  /** Over connections that stay open, without anybody reading what comes. */
  rate: { one: Rates; ten: Rates }
  /** After so many messages of `messageBytes`: growth of resident memory, garbage included, and the raw bytes alone. */
  memory: { messages: number; growth: number; raw: number }
  /** Size of the message that is sent, in bytes. */
  messageBytes: number
}

/** Messages a second, round by round. */
interface Rates {
  ours: readonly number[]
  stock: readonly number[]
}

/** About 10 KB of HTML with a reset link, as applications send it. */
const message = [
  'From: Bench <bench@example.test>',
  'To: ada@example.test',
  'Subject: Choose a new password',
  'Date: Sat, 21 Nov 2026 09:00:00 +0000',
  'Message-ID: <bench@example.test>',
  'MIME-Version: 1.0',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p><a href="https://app.example.test/reset_password/token?a=1&amp;b=2">Choose a new password</a></p>',
  ...Array.from(
    { length: 130 },
    (_, n) => `<p style="color:#123456">Paragraph ${n} of a mail that says little.</p>`,
  ),
].join('\r\n')

const RATE_ROUNDS = 20
const sides = ['ours', 'stock'] as const

const scale = { fresh: 200, stockFresh: 15, rate: 3_000, memory: 10_000 }

/** Takes all figures, memory first, before anything has grown; `quick` takes a tenth of the samples. */
export async function benchHarness({ quick = false } = {}): Promise<Figure[]> {
  const share = (n: number) => Math.max(5, Math.round(quick ? n / 10 : n))
  const memory = await memoryFigures(share(scale.memory))
  await warmUp()
  const fresh = await freshFigures(share(scale.fresh), share(scale.stockFresh))
  const rate = await rateFigures(share(scale.rate))
  return toFigures({ messageBytes: message.length, fresh, rate, memory })
}

/** Beside what is aimed at. */
function toFigures({ fresh, rate, memory, messageBytes }: HarnessFigures): Figure[] {
  const ms = (value: number) => `${value.toFixed(1)} ms`
  const absolute = (time: number, most: number) => ({
    ...{ ours: ms(time), baseline: '', ratio: null, target: `under ${most} ms`, met: time < most },
  })
  const times = fresh.stock / fresh.plain
  const mb = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(0)} MB`
  return [
    { what: 'harness: fresh connection to readable message', ...absolute(fresh.plain, 5) },
    { what: 'harness: the same with STARTTLS', ...absolute(fresh.starttls, 8) },
    {
      what: 'harness: times as fast as smtp-server',
      ours: ms(fresh.plain),
      baseline: `${ms(fresh.stock)} stock`,
      ...{ ratio: times, target: 'at least 40', met: times >= 40 },
    },
    compare('harness: one connection', rate.one, 0.9),
    compare('harness: ten connections', rate.ten),
    {
      what: `harness: growth after ${memory.messages} of ${(messageBytes / 1024).toFixed(0)} KB`,
      ours: mb(memory.growth),
      baseline: `${mb(memory.raw)} the messages`,
      ...{ ratio: memory.growth / memory.raw, target: '', met: null },
    },
  ]
}

function compare(what: string, { ours, stock }: Rates, least?: number): Figure {
  const perSecond = (rates: readonly number[]) => `${medianOf(rates).toFixed(0)}/s`
  const ratios = ours.map((rate, round) => rate / (stock[round] ?? rate))
  const ratio = medianOf(ratios)
  return {
    what,
    ours: perSecond(ours),
    ...{ spread: spreadOf(ratios), baseline: `${perSecond(stock)} stock`, ratio },
    target: least === undefined ? '' : `at least ${least}`,
    met: least === undefined ? null : ratio >= least,
  }
}

async function warmUp() {
  await freshFigures(20, 1)
  await rateFigures(300)
}

async function freshFigures(samples: number, stockSamples: number) {
  await using mail = await start()
  const plain = await medianTime(samples, () => freshMessage(mail))
  const starttls = await medianTime(samples, () => freshMessage(mail, mail.certificates.ca))
  await using stock = await startStock()
  const stockFresh = await medianTime(stockSamples, () => freshStock(stock))
  return { plain, starttls, stock: stockFresh }
}

async function freshMessage(mail: MailServer, ca?: string) {
  const inbox = mail.inbox()
  const waiting = inbox.next()
  const sender = await SmtpSender.open(mail.smtp.port, ca)
  await sender.send(inbox.address, message)
  if ((await waiting).link() === '') throw new Error('No link')
  return () => sender.close()
}

async function freshStock(stock: Stock) {
  const received = once(stock.server, 'received')
  const sender = await SmtpSender.open(stock.port)
  await sender.send('ada@example.test', message)
  await received
  return () => sender.close()
}

async function rateFigures(count: number) {
  await using mail = await start()
  await using stock = await startStock()
  const ports = { ours: mail.smtp.port, stock: stock.port }
  const one = await ratesOf(ports, 1, count)
  return { one, ten: await ratesOf(ports, 10, count) }
}

/** Ours and stock take turns, and the lead by turns, so that a busy moment of the machine, and what the one leaves behind, hits both. */
async function ratesOf(
  ports: Record<'ours' | 'stock', number>,
  connections: number,
  count: number,
): Promise<Rates> {
  const rates: Record<'ours' | 'stock', number[]> = { ours: [], stock: [] }
  const each = Math.ceil(count / RATE_ROUNDS / connections)
  for (let round = 0; round < RATE_ROUNDS; round++) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed())
      rates[side].push(
        (each * connections * 1000) / (await timeToSend(ports[side], connections, each)),
      )
  }
  return rates
}

/** In milliseconds, for `each` messages over each connection. */
async function timeToSend(port: number, connections: number, each: number): Promise<number> {
  const senders = await Promise.all(
    Array.from({ length: connections }, () => SmtpSender.open(port)),
  )
  const start = performance.now()
  await Promise.all(
    senders.map(async (sender) => {
      for (let n = 0; n < each; n++) await sender.send('ada@example.test', message)
    }),
  )
  const time = performance.now() - start
  await Promise.all(senders.map((sender) => sender.close()))
  return time
}

async function memoryFigures(count: number) {
  await using mail = await start({ messages: count })
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  await timeToSend(mail.smtp.port, 10, Math.ceil(count / 10))
  globalThis.gc?.()
  const growth = process.memoryUsage().rss - before
  return { messages: mail.mailbox.size, growth, raw: mail.mailbox.bytes }
}

async function start(limits: Partial<Limits> = {}): Promise<MailServer> {
  const mail = await startMailServer({ inboxPort: false, smtpsPort: false, limits })
  mail.inbox('ada@example.test')
  return mail
}

interface Stock extends AsyncDisposable {
  server: SMTPServer
  port: number
}

/** smtp-server as its README starts it, keeping the bytes. */
async function startStock(): Promise<Stock> {
  const kept: Buffer[] = []
  const server: SMTPServer = new SMTPServer({
    authOptional: true,
    logger: false,
    onData(stream, _session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        kept.push(Buffer.concat(chunks))
        callback()
        server.emit('received')
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('Not a TCP listener')
  const close = () => new Promise<void>((resolve) => server.close(resolve))
  return { server, port: address.port, [Symbol.asyncDispose]: close }
}

/** What `run` returns is done after the clock has stopped. */
async function medianTime(
  samples: number,
  run: () => Promise<() => Promise<void>>,
): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < samples; n++) {
    const start = performance.now()
    const close = await run()
    times.push(performance.now() - start)
    await close()
  }
  return medianOf(times)
}
