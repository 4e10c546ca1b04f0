/**
 * What each outbox row becomes: a template in the right language, with a link
 * whose token is minted now, so that a mail that waited still carries a fresh one.
 */
import type { Config } from '../config.ts'
import { parseAddress } from '../account/address.ts'
import type { Keyring } from '../account/keyring.ts'
import { type LinkToken, mintLinkToken } from '../account/link-token.ts'
import { createPaths } from '../paths.ts'
import type { MailContent, RenderMail } from '../../templates/mails/index.ts'
import { createMessage, type Message } from './message.ts'
import type { ClaimedRow } from './outbox.ts'

export interface ComposeServices {
  config: Config
  clock: () => number
  keyring: Keyring
  renderMail: RenderMail
}

/** Null when the stored address is one that no mail can go to. */
export async function composeMail(
  services: ComposeServices,
  row: ClaimedRow,
): Promise<Message | null> {
  const to = parseAddress(row.account?.address ?? row.address)
  if (to === null) return null
  const { config, clock } = services
  const { subject, text, html } = services.renderMail(await contentOf(services, row), {
    appName: config.appName,
    appColor: config.appColor,
    address: to.typed,
    locale: row.account?.locale ?? row.locale ?? config.defaultLocale,
    homeUrl: createPaths(config.publicUrl).absolute.login,
  })
  return createMessage({
    from: config.mail.sender,
    to,
    subject,
    text,
    html,
    // The same for every attempt, so that a receiver can tell a repeated mail.
    messageId: row.id,
    date: new Date(clock() * 1000),
  })
}

async function contentOf(services: ComposeServices, row: ClaimedRow): Promise<MailContent> {
  const { account, device } = row
  const { resetTokenTtl, publicUrl } = services.config
  const paths = createPaths(publicUrl)
  switch (row.purpose) {
    case 'password-changed':
      return { kind: 'password-changed', at: row.createdAt, device, resetUrl: paths.absolute.reset }
    case 'error-report':
      return { kind: 'error-report', detail: row.detail ?? '' }
    case 'register': {
      if (account !== null) return { kind: 'has-account', device, resetUrl: paths.absolute.reset }
      const token = await mint(services, { purpose: 'register', registration: row.id })
      return { kind: 'register', url: paths.registerLink(token), ttl: resetTokenTtl, device }
    }
    case 'reset': {
      const { id = '', credentialVersion = 0 } = account ?? {}
      const token = await mint(services, { purpose: 'reset', account: id, credentialVersion })
      return { kind: 'reset', url: paths.resetLink(token), ttl: resetTokenTtl, device }
    }
  }
}

function mint({ keyring, clock, config }: ComposeServices, token: LinkToken): Promise<string> {
  return mintLinkToken(keyring, token, clock() + config.resetTokenTtl)
}
