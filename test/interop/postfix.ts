/**
 * A Postfix of our own on loopback: its configuration, queue, users and
 * Maildirs are in a temporary folder, so that the machine's own mail is left
 * alone. Submission wants STARTTLS and a log-in, smtps a log-in, as real ones do.
 */
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCertificates } from '../../harness/certificates.ts'
import { requirePrograms, run } from './debian.ts'
import { startAuth } from './postfix-auth.ts'
import { startPolicy } from './postfix-policy.ts'

export const user = 'mailer@id.example.test'
export const password = 'correct-horse-battery-staple'

const POSTFIX = '/usr/sbin/postfix'
/** `nobody`, who owns the Maildirs. Postfix refuses to deliver as anybody below 100. */
const NOBODY = 65_534

/** Starts Postfix with these mailboxes; `await using` stops it and takes the folder away. */
export async function startPostfix(mailboxes: readonly string[]) {
  requirePrograms({ [POSTFIX]: 'postfix' })
  if (process.getuid?.() !== 0)
    throw new Error('Cannot run Postfix: its master has to start as root')
  const folder = await makeFolder()
  const policy = await startPolicy()
  const auth = await startAuth({ user, password })
  const [submission, smtps] = await freePorts(2)
  const ports = { submission: submission ?? 0, smtps: smtps ?? 0 }
  await configure(folder, { mailboxes, ports, policyPort: policy.port, authPort: auth.port })
  // `postfix start` returns once its master listens.
  const postfix = (command: string) => run(POSTFIX, ['-c', join(folder, 'etc'), command])
  await postfix('start')
  return {
    ...ports,
    policy,
    mailbox: (address: string) => readMaildir(join(folder, 'mail', address)),
    start: () => postfix('start'),
    /** Ends Postfix at once, whatever it is doing. */
    stop: () => postfix('abort'),
    log: () => readFile(join(folder, 'log'), 'utf8'),
    async [Symbol.asyncDispose]() {
      await postfix('abort')
      auth.stop()
      policy.stop()
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

export type Postfix = Awaited<ReturnType<typeof startPostfix>>

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sparekey-postfix-'))
  await chmod(folder, 0o755)
  for (const name of ['etc', 'queue', 'data', 'mail']) await mkdir(join(folder, name))
  const { stdout } = await run('id', ['-u', 'postfix'])
  await chown(join(folder, 'data'), Number(stdout), 0)
  await chown(join(folder, 'mail'), NOBODY, NOBODY)
  return folder
}

interface Configuration {
  mailboxes: readonly string[]
  ports: { submission: number; smtps: number }
  policyPort: number
  authPort: number
}

async function configure(folder: string, configuration: Configuration): Promise<void> {
  const etc = (name: string) => join(folder, 'etc', name)
  const { cert, key } = await loadCertificates('.sparekey/certificates')
  const { mailboxes, ports } = configuration
  await writeFile(etc('cert.pem'), cert)
  await writeFile(etc('key.pem'), key, { mode: 0o600 })
  await writeFile(etc('main.cf'), mainCf(folder, configuration))
  await writeFile(etc('master.cf'), masterCf(ports))
  await writeFile(etc('mailboxes'), mailboxes.map((name) => `${name} ${name}/\n`).join(''))
  await writeFile(etc('aliases'), 'bounced@example.test anyone@elsewhere.test\n')
}

function mainCf(folder: string, { policyPort, authPort }: Configuration): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file_prefixes = ${folder}
maillog_file = ${folder}/log
myhostname = mail.example.test
mydestination =
alias_maps =
alias_database =
local_transport = error:no local mail
inet_interfaces = loopback-only
inet_protocols = ipv4
default_transport = error:5.1.2 Nothing leaves this machine
virtual_mailbox_domains = example.test, id.example.test, xn--exmple-cua.test
virtual_mailbox_base = ${folder}/mail
virtual_mailbox_maps = texthash:${folder}/etc/mailboxes
virtual_uid_maps = static:${NOBODY}
virtual_gid_maps = static:${NOBODY}
virtual_alias_maps = texthash:${folder}/etc/aliases
smtpd_tls_cert_file = ${folder}/etc/cert.pem
smtpd_tls_key_file = ${folder}/etc/key.pem
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:${authPort}
strict_rfc821_envelopes = yes
smtpd_helo_required = yes
smtpd_helo_restrictions = reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = reject_unlisted_recipient, check_policy_service inet:127.0.0.1:${policyPort}
smtputf8_enable = yes
`
}

/** The services of Debian's master.cf that a delivery into a Maildir needs; none in a chroot. */
function masterCf({ submission, smtps }: Configuration['ports']): string {
  return `127.0.0.1:${submission} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt
127.0.0.1:${smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`
}

async function readMaildir(folder: string): Promise<string[]> {
  const news = join(folder, 'new')
  const names = await readdir(news).catch(() => []) // Made with the first mail.
  return Promise.all(names.map((name) => readFile(join(news, name), 'utf8')))
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server: Server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}
