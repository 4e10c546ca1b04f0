/**
 * Delivery: takes what is due from the outbox and hands it to the mail server,
 * a whole batch over one connection.
 *
 * Whatever goes wrong, a row that was claimed ends, waits for a later attempt,
 * or falls back to the queue when its lease runs out; none is lost. A crash
 * between the server's 250 and our record repeats a mail.
 */
import type { Config } from '../config.ts'
import type { LimitStore } from '../account/services.ts'
import type { Keyring } from '../account/keyring.ts'
import type { Random } from '../account/random.ts'
import type { RenderMail } from '../../templates/mails/index.ts'
import { composeMail } from './compose.ts'
import type { DeliveryLog } from './delivery-log.ts'
import type { Traffic } from './give-way.ts'
import type { Message } from './message.ts'
import type { Report } from './reports.ts'
import type { ClaimedRow, OutboxEnd, OutboxQueue } from './outbox.ts'
import { nextAttemptAt } from './retry.ts'
import { describeFailure, withoutAddresses } from '../redact.ts'
import { gatherEnds, type OutboxEnds } from './outbox-ends.ts'
import { SmtpError } from './smtp/smtp-error.ts'
import type { Connection, Transport } from './smtp/transport.ts'

export interface DeliveryServices {
  config: Config
  /** Unix time in whole seconds. */
  clock: () => number
  random: Random
  keyring: Keyring
  outbox: OutboxQueue
  limits: LimitStore
  transport: Transport
  renderMail: RenderMail
  log: DeliveryLog
  report: Report
  traffic: Traffic
  /** Asked before rows are claimed: false once the process is told to end. */
  mayDeliver: () => boolean
}

/** The services of one delivery. */
interface Delivery extends DeliveryServices {
  ends: OutboxEnds
  /** Awaited before each step that takes its time. */
  giveWay: () => Promise<void>
}

/** Rows a connection carries. Each ends or waits on its own. */
const BATCH = 20
/** In seconds: more than twice a dialogue's deadline, so that a lease never ends under somebody at work. */
const LEASE = 60
/** Batches of one delivery; what is left then is for the next one. */
const MOST_BATCHES = 50

/** Delivers what is due, until nothing is, the mail server cannot be talked to, or it may not go on. */
export async function deliverDue(services: DeliveryServices): Promise<void> {
  const giveWay = services.traffic.giveWay()
  const delivery = { ...services, giveWay, ends: gatherEnds(services) }
  const { limits, resetTokenTtl } = services.config
  for (let batch = 0; batch < MOST_BATCHES; batch++) {
    await delivery.giveWay()
    if (!services.mayDeliver()) return
    const rows = await services.outbox.claim({
      ...{ count: BATCH, lease: LEASE, now: services.clock() },
      quota: { count: limits.mail, seconds: resetTokenTtl },
    })
    if (rows.length === 0) return
    const healthy = await deliverBatch(delivery, rows)
    if (!healthy) return
  }
}

interface Letter {
  row: ClaimedRow
  message: Message
}

/** False when the mail server could not be talked to. Whatever happens, what ended is written. */
async function deliverBatch(services: Delivery, rows: readonly ClaimedRow[]): Promise<boolean> {
  try {
    return await composeAndSend(services, rows)
  } finally {
    await services.ends.written()
  }
}

async function composeAndSend(services: Delivery, rows: readonly ClaimedRow[]): Promise<boolean> {
  const letters: Letter[] = []
  for (const row of rows) {
    const letter = await composeOrEnd(services, row)
    if (letter !== null) letters.push(letter)
  }
  return letters.length === 0 ? true : sendLetters(services, letters)
}

/** Rows that nobody is to be mailed for end here. */
async function composeOrEnd(services: Delivery, row: ClaimedRow): Promise<Letter | null> {
  await services.giveWay()
  const end = withoutMail(row)
  if (end !== null) {
    endRow(services, row, end)
    return null
  }
  try {
    const message = await composeMail(services, row)
    if (message !== null) return { row, message }
    endRow(services, row, { state: 'failed', result: 'bad-address', lastReply: null })
  } catch (error) {
    await postpone(services, [row], unwritten(error, row))
  }
  return null
}

/** A template of an app that fails is tried again, and takes no other mail with it. */
function unwritten(error: unknown, { address, account }: ClaimedRow): string {
  const { error: name, message } = describeFailure(error, [address, account?.address ?? ''])
  return `not written: ${name}: ${message}`
}

function withoutMail({ purpose, account, withinQuota }: ClaimedRow): OutboxEnd | null {
  if (purpose === 'error-report') return null
  if (purpose !== 'register' && account === null) return done('no-account')
  if (account !== null && account.disabledAt !== null) return done('disabled')
  if (purpose !== 'password-changed' && !withinQuota) return done('limited')
  return null
}

function done(result: OutboxEnd['result']): OutboxEnd {
  return { state: 'done', result, lastReply: null }
}

async function sendLetters(services: Delivery, letters: readonly Letter[]): Promise<boolean> {
  const connection = await connectOrPostpone(services, letters)
  if (connection === null) return false
  try {
    for (const letter of letters) await sendLetter(services, connection, letter)
  } finally {
    await connection.close()
  }
  return connection.usable
}

async function connectOrPostpone(services: Delivery, letters: readonly Letter[]) {
  await services.giveWay()
  try {
    return await services.transport.connect()
  } catch (error) {
    if (!(error instanceof SmtpError)) throw error
    const rows = letters.map(({ row }) => row)
    await postpone(services, rows, replyOf(error))
    return null
  }
}

async function sendLetter(services: Delivery, connection: Connection, letter: Letter) {
  await services.giveWay()
  const { row, message } = letter
  if (services.clock() >= row.leasedUntil) return // it is somebody else's by now
  if (!connection.usable) return postpone(services, [row], null)
  if (!(await isWithinTotal(services, row))) return
  try {
    const reply = await connection.deliver(message)
    endRow(services, row, { state: 'done', result: 'sent', lastReply: `DATA: ${reply.code}` })
  } catch (error) {
    if (!(error instanceof SmtpError)) throw error
    await (error.permanent
      ? refuse(services, row, error)
      : postpone(services, [row], replyOf(error)))
  }
}

/** The hourly figure that protects the operator's SMTP account. */
async function isWithinTotal({ config, limits, outbox, clock }: DeliveryServices, row: ClaimedRow) {
  if (config.limits.mailTotal === null) return true
  const limit = { key: 'mails in all', count: config.limits.mailTotal, seconds: 3600 }
  const admission = await limits.count(limit, clock())
  if (admission.ok) return true
  const until = clock() + admission.retryAfter
  await outbox.postpone([{ row, until }], 'LIMIT_MAIL_TOTAL is reached')
  return false
}

async function refuse(services: Delivery, row: ClaimedRow, error: SmtpError) {
  const lastReply = replyOf(error)
  endRow(services, row, { state: 'failed', result: 'refused', lastReply })
  if (row.purpose !== 'error-report') await services.report('mail-refused', lastReply)
}

/** As it is kept: on the row, in the log. */
function replyOf({ summary }: SmtpError): string {
  return withoutAddresses(summary)
}

function endRow({ ends, log }: Delivery, row: ClaimedRow, end: OutboxEnd): void {
  ends.add(row, end)
  log({ id: row.id, purpose: row.purpose, attempt: row.attempts, ...end })
}

/** Until later; those whose time is over end. */
async function postpone(
  services: Delivery,
  rows: readonly ClaimedRow[],
  lastReply: string | null,
): Promise<void> {
  const { outbox, log, clock, random } = services
  const postponed: { row: ClaimedRow; until: number }[] = []
  for (const row of rows) {
    const until = nextAttemptAt(row, clock(), random)
    if (until === null) endRow(services, row, { state: 'failed', result: 'expired', lastReply })
    else postponed.push({ row, until })
  }
  if (postponed.length === 0) return
  await outbox.postpone(postponed, lastReply)
  for (const { row } of postponed)
    log({ id: row.id, purpose: row.purpose, attempt: row.attempts, state: 'waiting', lastReply })
}

/** In seconds: a mail server may be away for a moment; after this the operator is told. */
const WAITS_TOO_LONG = 15 * 60

/** Tells the operator when mail has been waiting for long. */
export async function reportWaiting({ outbox, clock, report }: DeliveryServices): Promise<void> {
  const { waiting, oldestSeconds } = await outbox.figures(clock())
  if (oldestSeconds === null || oldestSeconds < WAITS_TOO_LONG) return
  await report('mail-waits', `${waiting} mails wait, the oldest for ${oldestSeconds} seconds`)
}
