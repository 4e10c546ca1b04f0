/**
 * Examines the SMTP settings step by step, over the same transport and dialogue
 * as the service: what is green here delivers there. Says of each step what
 * was found and, where it failed, what to do; never a password.
 */
import type { ConfigResult, MailSettings } from '../config.ts'
import type { EmailAddress } from '../account/address.ts'
import { adviseOn } from './doctor-advice.ts'
import { createMessage, type Message } from './message.ts'
import { formatReply, type Reply } from './smtp/reply.ts'
import { SmtpError, type Stage } from './smtp/smtp-error.ts'
import type { Connect, TlsFacts, Watch } from './smtp/socket.ts'
import { createSmtpTransport, type Connection } from './smtp/transport.ts'

export type StepName =
  | 'settings'
  | 'name'
  | 'port'
  | 'greeting'
  | 'tls'
  | 'mechanisms'
  | 'login'
  | 'sender'
  | 'recipient'
  | 'message'

export interface Step {
  readonly name: StepName
  readonly title: string
  /** `skipped`: not needed with these settings, or an earlier step failed. */
  readonly outcome: 'ok' | 'failed' | 'skipped'
  readonly detail: string
  /** What to do about it. */
  readonly advice?: string
}

/** What the runtime has to lend. */
export interface DoctorTools {
  resolve(host: string): Promise<readonly string[]>
  connect(watch: Watch): Connect
  now(): Date
  /** Fresh random text for a Message-ID. */
  newId(): string
}

const TITLES: Record<StepName, string> = {
  settings: 'Settings',
  name: 'Host name',
  port: 'Port',
  greeting: 'Greeting',
  tls: 'TLS',
  mechanisms: 'AUTH mechanisms',
  login: 'Log-in',
  sender: 'Sender',
  recipient: 'Recipient',
  message: 'Test mail',
}

/** TLS comes before the greeting when it is implicit (RFC 8314 §3.3). */
const ORDER: Record<MailSettings['tls'], readonly StepName[]> = {
  none: ['port', 'greeting', 'tls', 'mechanisms', 'login', 'sender', 'recipient', 'message'],
  starttls: ['port', 'greeting', 'tls', 'mechanisms', 'login', 'sender', 'recipient', 'message'],
  implicit: ['port', 'tls', 'greeting', 'mechanisms', 'login', 'sender', 'recipient', 'message'],
}

const TLS_WORDS: Record<MailSettings['tls'], string> = {
  none: 'without TLS',
  starttls: 'with STARTTLS',
  implicit: 'with TLS from the first byte',
}

/**
 * Yields every step as soon as it is known, failed or not; after one that
 * failed the others are skipped.
 *
 * @example
 * for await (const { title, outcome } of examine(parseConfig(env), { tools })) console.log(outcome, title)
 */
export async function* examine(
  parsed: ConfigResult,
  { to, tools }: { to?: EmailAddress | undefined; tools: DoctorTools },
): AsyncGenerator<Step> {
  const settings = stepOfSettings(parsed)
  yield settings
  if (!parsed.ok) return
  const name = await stepOfName(parsed.config.mail, tools)
  yield name
  if (name.outcome === 'failed') return
  const { mail, admins } = parsed.config
  yield* examineServer(mail, { to: to ?? admins[0] ?? mail.sender.address, tools })
}

function stepOfSettings(parsed: ConfigResult): Step {
  if (parsed.ok) {
    const { host, port, tls, sender } = parsed.config.mail
    return passed('settings', `${host}:${port} ${TLS_WORDS[tls]}, from ${sender.address.typed}`)
  }
  const problems = parsed.problems.map(({ name, problem }) => `${name} ${problem}`)
  return failed('settings', problems.join('; '), 'Set them in the environment or in .dev.vars')
}

async function stepOfName({ host }: MailSettings, tools: DoctorTools): Promise<Step> {
  try {
    return passed('name', `${host} is ${(await tools.resolve(host)).join(', ')}`)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    return failed(
      'name',
      reason,
      'Check how MAIL_SERVER is spelled, and whether this machine is online',
    )
  }
}

/** What was seen on the way, to tell of the steps that passed. */
class Course {
  address: string | undefined
  tls: TlsFacts | undefined
  readonly replies = new Map<Stage, Reply>()
  readonly watch: Watch = {
    connected: (address) => (this.address = address),
    secured: (facts) => (this.tls = facts),
  }
  readonly observe = (stage: Stage, reply: Reply) => void this.replies.set(stage, reply)
}

interface Examination {
  settings: MailSettings
  to: EmailAddress
  tools: DoctorTools
  course: Course
}

async function* examineServer(
  settings: MailSettings,
  { to, tools }: { to: EmailAddress; tools: DoctorTools },
): AsyncGenerator<Step> {
  const course = new Course()
  const error = await deliverTestMail({ settings, to, tools, course })
  const order = ORDER[settings.tls]
  const failing = error === null ? order.length : order.indexOf(stepOf(error, course))
  for (const [at, name] of order.entries()) {
    if (at > failing) yield skipped(name, 'an earlier step failed')
    else if (at === failing && error !== null) yield failedAt(name, { error, settings })
    else yield passedAt(name, { settings, to, tools, course })
  }
}

/** Null when everything went well. */
async function deliverTestMail(examination: Examination): Promise<SmtpError | null> {
  const { settings, tools, course } = examination
  const connect = tools.connect(course.watch)
  let connection: Connection | undefined
  try {
    const transport = createSmtpTransport(settings, { connect, observe: course.observe })
    connection = await transport.connect()
    await connection.deliver(testMail(examination))
    return null
  } catch (error) {
    if (error instanceof SmtpError) return error
    throw error
  } finally {
    await connection?.close()
  }
}

function testMail({ settings: { sender, host }, to, tools }: Examination): Message {
  const text = `This is the test mail that you asked the doctor for.\n\nIt came through ${host}.\n`
  return createMessage({
    from: sender,
    to,
    subject: 'Test mail from Sparekey',
    text,
    html: `<p>This is the test mail that you asked the doctor for.</p>\n<p>It came through ${host}.</p>\n`,
    messageId: `doctor.${tools.newId()}`,
    date: tools.now(),
  })
}

const STEP_OF_STAGE: Record<Stage, StepName> = {
  connect: 'port',
  greeting: 'greeting',
  EHLO: 'greeting',
  STARTTLS: 'tls',
  TLS: 'tls',
  AUTH: 'login',
  MAIL: 'sender',
  RCPT: 'recipient',
  DATA: 'message',
  message: 'message',
  RSET: 'message',
  QUIT: 'message',
}

/** The step that an error belongs to. */
function stepOf({ stage, trouble }: SmtpError, { address, replies }: Course): StepName {
  if (stage === 'connect' && address !== undefined) return 'tls'
  if (stage === 'EHLO' && replies.has('STARTTLS')) return 'mechanisms'
  if (stage === 'AUTH' && trouble === 'unsupported') return 'mechanisms'
  return STEP_OF_STAGE[stage]
}

function failedAt(
  name: StepName,
  { error, settings }: { error: SmtpError; settings: MailSettings },
): Step {
  return failed(name, error.summary, adviseOn(name, { error, settings }))
}

function passedAt(name: StepName, examination: Examination): Step {
  const { settings, course, tools } = examination
  const isAboutLogin = name === 'mechanisms' || name === 'login'
  if (isAboutLogin && settings.username === undefined) return skipped(name, 'no MAIL_USERNAME')
  if (name === 'tls' && settings.tls === 'none') return skipped(name, 'on this machine only')
  if (name === 'tls' && course.tls !== undefined) return stepOfTls(course.tls, tools.now())
  return passed(name, describe(name, examination))
}

function describe(name: StepName, { settings, to, course }: Examination): string {
  const { address = settings.host, replies } = course
  if (name === 'port') return `${address} answers on ${settings.port}`
  if (name === 'mechanisms') return mechanismsIn(replies.get('EHLO'))
  if (name === 'sender') return `${settings.sender.address.typed}, ${said(replies.get('MAIL'))}`
  if (name === 'recipient') return `${to.typed}, ${said(replies.get('RCPT'))}`
  if (name === 'message') return `${said(replies.get('message'))}; look into the inbox`
  return said(replies.get(name === 'login' ? 'AUTH' : 'greeting'))
}

function said(reply: Reply | undefined): string {
  return reply === undefined ? 'no reply' : formatReply(reply)
}

function mechanismsIn(ehlo: Reply | undefined): string {
  return ehlo?.lines.find((line) => /^AUTH\b/i.test(line)) ?? 'AUTH'
}

/** In milliseconds: two weeks, in which somebody can still renew a certificate. */
const SHORT_LIFE = 14 * 24 * 60 * 60 * 1000

function stepOfTls({ protocol, subject, issuer, validTo }: TlsFacts, now: Date): Step {
  const until = validTo.toISOString().slice(0, 10)
  const step = passed('tls', `${protocol}, certificate of ${subject} by ${issuer} until ${until}`)
  const endsSoon = validTo.getTime() - now.getTime() < SHORT_LIFE
  return endsSoon ? { ...step, advice: `The certificate ends on ${until}: renew it` } : step
}

function passed(name: StepName, detail: string): Step {
  return { name, title: TITLES[name], outcome: 'ok', detail }
}

function failed(name: StepName, detail: string, advice: string): Step {
  return { name, title: TITLES[name], outcome: 'failed', detail, advice }
}

function skipped(name: StepName, detail: string): Step {
  return { name, title: TITLES[name], outcome: 'skipped', detail }
}
