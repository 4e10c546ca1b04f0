/** What the command line and the environment ask for. */
import type { ParseArgsOptionsConfig } from 'node:util'
import type { MailServerOptions } from '../options.ts'
import { readArguments, UsageError } from './usage.ts'

export interface CliOptions {
  server: MailServerOptions
  json: boolean
  quiet: boolean
  help: boolean
  /** What follows `run --`; undefined for the harness alone. */
  command: string[] | undefined
}

const flags = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  host: { type: 'string' },
  'smtp-port': { type: 'string' },
  'smtps-port': { type: 'string' },
  'inbox-port': { type: 'string' },
  'inbox-auth': { type: 'string' },
  certificates: { type: 'string' },
  'allow-host': { type: 'string', multiple: true },
  auth: { type: 'string' },
  starttls: { type: 'string' },
  'max-messages': { type: 'string' },
  'max-bytes': { type: 'string' },
  'max-message-bytes': { type: 'string' },
} as const satisfies ParseArgsOptionsConfig

export const help = `sparekey mail: a mail server that catches everything and sends nothing on

  sparekey mail [options]                    until Ctrl-C
  sparekey mail run [options] -- COMMAND     until COMMAND ends; it finds the server in
                                             MAIL_SERVER, MAIL_PORT, SMTP_HOST, SMTP_PORT,
                                             SMTPS_PORT, INBOX_URL and trusts its
                                             certificates by NODE_EXTRA_CA_CERTS

  --smtp-port N         SMTP, STARTTLS offered        SMTP_PORT, 1025; 0: any free one
  --smtps-port N|off    TLS from the first byte       SMTPS_PORT, off
  --inbox-port N|off    inbox page and HTTP API       INBOX_PORT, 8025; 0: any free one
  --inbox-auth U:P      ask for user and password     INBOX_AUTH
  --host ADDRESS        where to listen               127.0.0.1
  --allow-host NAME     a name that may stand in Host, and in the certificate; repeatable
  --certificates DIR    where ca.pem is kept          .sparekey/certificates
  --starttls MODE       on, off, required             on
  --auth MODE           optional, required, off       optional, any password
  --max-messages N      oldest out first              10000
  --max-bytes N         of all messages together      268435456
  --max-message-bytes N of one message                33554432
  --json                one JSON object a line: ready, message, dropped
  --quiet               do not print messages

With run, ports are any free ones unless given.
`

export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv): CliOptions {
  const runs = argv[0] === 'run'
  const { values, positionals, separated } = parse(runs ? argv.slice(1) : argv)
  if (values.help === true)
    return { server: {}, json: false, quiet: false, help: true, command: undefined }
  if (positionals.length > 0) throw new UsageError(`Unexpected argument: ${positionals.join(' ')}`)
  if (runs && separated.length === 0)
    throw new UsageError('Name a command: sparekey mail run -- COMMAND')
  return {
    server: serverOptions(values, env, runs),
    json: values.json ?? false,
    quiet: values.quiet ?? false,
    help: false,
    command: runs ? separated : undefined,
  }
}

type Values = ReturnType<typeof parse>['values']

/** What stands behind `--` belongs to the command, options and all. */
function parse(argv: readonly string[]) {
  const at = argv.indexOf('--')
  const own = at < 0 ? argv : argv.slice(0, at)
  const { values, positionals } = readArguments(own, flags)
  return { values, positionals, separated: at < 0 ? [] : argv.slice(at + 1) }
}

function serverOptions(values: Values, env: NodeJS.ProcessEnv, runs: boolean): MailServerOptions {
  const inboxAuth = inboxAuthFrom(values['inbox-auth'] ?? env['INBOX_AUTH'])
  return {
    host: values.host ?? '127.0.0.1',
    smtpPort: port(values['smtp-port'] ?? env['SMTP_PORT'], 'smtp-port', runs ? 0 : 1025),
    smtpsPort: portOrOff(values['smtps-port'] ?? env['SMTPS_PORT'], 'smtps-port', runs ? 0 : false),
    inboxPort: portOrOff(values['inbox-port'] ?? env['INBOX_PORT'], 'inbox-port', runs ? 0 : 8025),
    certificates: values.certificates ?? '.sparekey/certificates',
    hosts: values['allow-host'] ?? [],
    auth: choice(values.auth, 'auth', ['optional', 'required', 'off']) ?? 'optional',
    starttls: starttlsFrom(values.starttls),
    limits: {
      ...limit('messages', values['max-messages'], 'max-messages'),
      ...limit('bytes', values['max-bytes'], 'max-bytes'),
      ...limit('messageBytes', values['max-message-bytes'], 'max-message-bytes'),
    },
    ...(inboxAuth !== undefined && { inboxAuth }),
  }
}

function port(text: string | undefined, name: string, fallback: number): number {
  if (text === undefined || text === '') return fallback
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new UsageError(`--${name} is a port from 0 to 65535, not "${text}"`)
}

function portOrOff(
  text: string | undefined,
  name: string,
  fallback: number | false,
): number | false {
  if (text === 'off') return false
  return fallback === false && (text === undefined || text === '')
    ? false
    : port(text, name, Number(fallback))
}

function inboxAuthFrom(text: string | undefined) {
  if (text === undefined || text === '') return undefined
  if (/^[^:]+:.+$/.test(text)) return text
  throw new UsageError('--inbox-auth is user:password')
}

function starttlsFrom(text: string | undefined) {
  const mode = choice(text, 'starttls', ['on', 'off', 'required']) ?? 'on'
  return mode === 'required' ? mode : mode === 'on'
}

function choice<T extends string>(
  text: string | undefined,
  name: string,
  choices: readonly T[],
): T | undefined {
  if (text === undefined) return undefined
  const chosen = choices.find((one) => one === text)
  if (chosen === undefined)
    throw new UsageError(`--${name} is one of ${choices.join(', ')}, not "${text}"`)
  return chosen
}

function limit(key: 'messages' | 'bytes' | 'messageBytes', text: string | undefined, name: string) {
  if (text === undefined) return {}
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new UsageError(`--${name} is a whole number of at least 1, not "${text}"`)
  return { [key]: Number(text) }
}
