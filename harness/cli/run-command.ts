/**
 * `sparekey mail run -- COMMAND`: a command that finds the harness in its
 * environment and trusts its certificates from the start. Programs read
 * NODE_EXTRA_CA_CERTS once, when they begin; later is too late.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { isErrno } from '../errno.ts'
import type { MailServer } from '../mail-server.ts'

/** Resolves to the exit code of the command: 127 when there is none, 128 and the signal when one ended it. */
export async function runCommand(
  command: string[],
  mail: MailServer,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    stdio: 'inherit',
    env: { ...env, ...(await settings(mail, env)) },
  })
  const release = passSignals(child)
  try {
    return await ended(child, program)
  } finally {
    release()
  }
}

async function settings(mail: MailServer, env: NodeJS.ProcessEnv) {
  const { host, port } = mail.smtp
  return {
    MAIL_SERVER: host,
    MAIL_PORT: String(port),
    SMTP_HOST: host,
    SMTP_PORT: String(port),
    ...(mail.smtps && { SMTPS_PORT: String(mail.smtps.port) }),
    ...(mail.url !== '' && { INBOX_URL: mail.url, INBOX_PORT: new URL(mail.url).port }),
    MAIL_CA_FILE: mail.caFile,
    NODE_EXTRA_CA_CERTS: await extraCertificates(mail.caFile, env['NODE_EXTRA_CA_CERTS']),
  }
}

/** Only one file can be named, so what was trusted before goes into it too. */
async function extraCertificates(caFile: string, before: string | undefined): Promise<string> {
  if (before === undefined || before === '' || before === caFile) return caFile
  const both = `${await readFile(before, 'utf8')}\n${await readFile(caFile, 'utf8')}`
  const file = join(dirname(caFile), `extra-${process.pid}.pem`)
  await writeFile(file, both, { mode: 0o600 })
  return file
}

/** Ctrl-C reaches the whole group by itself; what is sent to us alone is passed on. */
function passSignals(child: ChildProcess): () => void {
  const pass = (signal: NodeJS.Signals) => void child.kill(signal)
  const wait = () => undefined
  process.on('SIGTERM', pass)
  process.on('SIGHUP', pass)
  process.on('SIGINT', wait)
  return () => {
    process.off('SIGTERM', pass)
    process.off('SIGHUP', pass)
    process.off('SIGINT', wait)
  }
}

function ended(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => {
      resolve(signal === null ? (code ?? 0) : 128 + constants.signals[signal])
    })
    child.once('error', (error) => {
      if (!isErrno(error, 'ENOENT')) return reject(error)
      process.stderr.write(`Cannot run ${program}: no such command\n`)
      resolve(127)
    })
  })
}
