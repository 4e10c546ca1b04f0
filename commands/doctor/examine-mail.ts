/**
 * The examination of `npm run doctor`, by what Node has to lend: sockets and names.
 */
import { randomUUID } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import type { EmailAddress } from '../../src/account/address.ts'
import { type ConfigResult, parseConfig } from '../../src/config.ts'
import { type DoctorTools, examine, type Step } from '../../src/mail/doctor.ts'
import { nodeConnect } from '../../src/platform/node-sockets.ts'
import type { Environment } from '../../src/setting-reader.ts'

const tools: DoctorTools = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  connect: nodeConnect,
  now: () => new Date(),
  newId: randomUUID,
}

/** Yields every step as soon as it is known; the test mail goes to `to`, else to the first of ADMINS. */
export function examineMail(settings: Environment, to?: EmailAddress): AsyncGenerator<Step> {
  return examine(mailConfig(settings), { to, tools })
}

/** The mail settings alone: whoever sets mail up may not have thought of the others yet. */
function mailConfig(settings: Environment): ConfigResult {
  const mail = Object.entries(settings).filter(([name]) => /^(?:MAIL_|EMAIL_|ADMINS$)/.test(name))
  const others = { PUBLIC_URL: 'http://localhost', SECRET_KEY: '-'.repeat(32) }
  return parseConfig({ ...others, ...Object.fromEntries(mail) })
}
