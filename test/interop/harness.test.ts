/**
 * Real SMTP clients deliver to the harness: in the clear, by STARTTLS, with TLS
 * from the first byte, and logged in. Each trusts the throw-away authority by the
 * means it has, and refuses without it.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createTransport } from 'nodemailer'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startMailServer, type Inbox, type MailServer } from '../../harness/index.ts'
import { requirePrograms } from './debian.ts'

let mail: MailServer
let inbox: Inbox
let folder: string

beforeAll(() =>
  requirePrograms({
    '/usr/bin/swaks': 'swaks libnet-ssleay-perl libio-socket-ssl-perl libauthen-sasl-perl',
    '/usr/bin/msmtp': 'msmtp',
    '/usr/bin/curl': 'curl',
    '/usr/bin/python3': 'python3',
  }),
)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mail-interop-'))
})

afterAll(() => rm(folder, { recursive: true }))

beforeEach(async () => {
  mail = await startMailServer()
  inbox = mail.inbox()
})

afterEach(() => mail.stop())

const ways = ['plain', 'starttls', 'implicit', 'auth'] as const
type Way = (typeof ways)[number]

interface Sending {
  way: Way
  port: number
  trusted: boolean
}

/** Sends one mail to the inbox; rejects when the client gives up. */
type Client = (sending: Sending) => Promise<unknown>

const source = () =>
  `From: service@example.test\r\nTo: ${inbox.address}\r\nSubject: Interop\r\n\r\n.leading dot\r\nhttps://example.test/reset?a=1&b=2\r\n`

/** With the message on standard input, as these programs want it. */
async function run(
  program: string,
  args: string[],
  input: string,
  env: Record<string, string> = {},
) {
  const running = promisify(execFile)(program, args, {
    env: { PATH: '/usr/bin:/bin', HOME: folder, ...env },
  })
  running.child.stdin?.end(input)
  return running
}

const swaks: Client = ({ way, port, trusted }) => {
  const tls = ['--tls-verify', ...(trusted ? ['--tls-ca-path', mail.caFile] : [])]
  const { user, pass } = inbox.credentials
  const how: Record<Way, string[]> = {
    plain: [],
    starttls: ['--tls', ...tls],
    implicit: ['--tlsc', ...tls],
    auth: ['--auth', 'CRAM-MD5', '--auth-user', user, '--auth-password', pass],
  }
  const to = [
    '--server',
    'localhost',
    '--port',
    String(port),
    '--from',
    'service@example.test',
    '--to',
    inbox.address,
  ]
  return run(
    '/usr/bin/swaks',
    [...to, ...how[way], '--data', '-'],
    source().replaceAll('\r\n', '\n'),
  )
}

const msmtp: Client = async ({ way, port, trusted }) => {
  const { user, pass } = inbox.credentials
  const trust = `tls_trust_file ${trusted ? mail.caFile : 'system'}`
  const how: Record<Way, string> = {
    plain: 'tls off',
    starttls: `tls on\ntls_starttls on\n${trust}`,
    implicit: `tls on\ntls_starttls off\n${trust}`,
    auth: `tls on\ntls_starttls on\n${trust}\nauth plain\nuser ${user}\npassword ${pass}`,
  }
  const file = join(folder, 'msmtprc')
  await writeFile(
    file,
    `account default\nhost localhost\nport ${port}\nfrom service@example.test\n${how[way]}\n`,
    { mode: 0o600 },
  )
  return run('/usr/bin/msmtp', ['-C', file, inbox.address], source())
}

const curl: Client = ({ way, port, trusted }) => {
  const { user, pass } = inbox.credentials
  const trust = trusted ? ['--cacert', mail.caFile] : []
  const how: Record<Way, string[]> = {
    plain: [],
    starttls: ['--ssl-reqd', ...trust],
    implicit: trust,
    auth: ['--ssl-reqd', ...trust, '--user', `${user}:${pass}`],
  }
  const url = `${way === 'implicit' ? 'smtps' : 'smtp'}://localhost:${port}`
  const envelope = ['--mail-from', 'service@example.test', '--mail-rcpt', inbox.address]
  return run('/usr/bin/curl', ['-sS', '--url', url, ...envelope, ...how[way], '-T', '-'], source())
}

const script = `
import os, smtplib, ssl, sys
way, port, ca, to, user, password = sys.argv[1:]
context = ssl.create_default_context(cafile=ca or None)
make = smtplib.SMTP_SSL if way == 'implicit' else smtplib.SMTP
client = make('localhost', int(port), **({'context': context} if way == 'implicit' else {}))
if way in ('starttls', 'auth'): client.starttls(context=context)
if way == 'auth': client.login(user, password)
client.sendmail('service@example.test', [to], sys.stdin.buffer.read())
client.quit()
`

const python: Client = ({ way, port, trusted }) => {
  const { user, pass } = inbox.credentials
  const args = [way, String(port), trusted ? mail.caFile : '', inbox.address, user, pass]
  return run('/usr/bin/python3', ['-c', script, ...args], source())
}

const nodemailer: Client = ({ way, port, trusted }) =>
  createTransport({
    host: 'localhost',
    port,
    secure: way === 'implicit',
    ignoreTLS: way === 'plain',
    requireTLS: way === 'starttls' || way === 'auth',
    ...(trusted && { tls: { ca: mail.certificates.ca } }),
    ...(way === 'auth' && { auth: inbox.credentials }),
  }).sendMail({ envelope: { from: 'service@example.test', to: inbox.address }, raw: source() })

const clients = { swaks, msmtp, curl, python, nodemailer }

function portFor(way: Way) {
  return way === 'implicit' ? (mail.smtps?.port ?? 0) : mail.smtp.port
}

describe.each(Object.entries(clients))('%s', (name, send) => {
  test.for(ways)('delivers by %s', async (way) => {
    await send({ way, port: portFor(way), trusted: true })
    const message = await inbox.next('Interop')
    expect(message.text).toContain('.leading dot')
    expect(message.link('/reset')).toBe('https://example.test/reset?a=1&b=2')
    expect(message.envelope).toMatchObject({ from: 'service@example.test', to: [inbox.address] })
    expect(message.tls && message.tls.by).toBe(tlsOf(name, way))
    expect(message.auth && message.auth.user).toBe(way === 'auth' ? inbox.credentials.user : false)
  })

  test.for(['starttls', 'implicit'] as const)(
    'refuses by %s an authority it does not know',
    async (way) => {
      await expect(send({ way, port: portFor(way), trusted: false })).rejects.toThrow()
      await inbox.none({ for: 20 })
    },
  )

  test('gives up when the recipient is refused', async () => {
    inbox.fail({ at: 'rcpt', code: 550, text: '5.1.1 No such user' })
    await expect(send({ way: 'plain', port: portFor('plain'), trusted: true })).rejects.toThrow()
    await inbox.none({ for: 20 })
  })
})

/** swaks is the one that logs in without TLS here. */
function tlsOf(name: string, way: Way) {
  if (way === 'plain' || (name === 'swaks' && way === 'auth')) return false
  return way === 'implicit' ? 'implicit' : 'starttls'
}

test('a client that does not trust the authority is told of in plain words', async () => {
  await expect(
    curl({ way: 'implicit', port: portFor('implicit'), trusted: false }),
  ).rejects.toThrow()
  const error = await inbox.next({}, { timeout: 50 }).catch(String)
  expect(error).toContain('does not trust this authority; start it with NODE_EXTRA_CA_CERTS')
})
