/** What the harness is and does, in Mailpit's words. */
import type { HttpContext } from '../context.ts'
import { tagsOf } from './tags.ts'
import { totals } from './messages.ts'

/** Which Mailpit's API this is compatible with. */
const VERSION = 'v1.30.5'

export async function info(context: HttpContext) {
  const { mail } = context.var
  const { total, unread } = totals(mail)
  return context.json({
    Version: VERSION,
    LatestVersion: VERSION,
    Database: 'memory',
    DatabaseSize: mail.mailbox.bytes,
    Messages: total,
    Unread: unread,
    Tags: await tagCounts(context),
    RuntimeStats: {
      Uptime: Math.floor((Date.now() - mail.startedAt.getTime()) / 1000),
      Memory: process.memoryUsage().rss,
      MessagesDeleted: mail.counts.deleted,
      SMTPAccepted: mail.counts.accepted,
      SMTPAcceptedSize: mail.counts.acceptedBytes,
      SMTPRejected: mail.counts.refused,
      SMTPIgnored: 0,
    },
  })
}

/** Release and SpamAssassin are off, as they are in Mailpit until they are set up. */
export function webUi(context: HttpContext) {
  return context.json({
    Label: '',
    MessageRelay: {
      Enabled: false,
      SMTPServer: '',
      ReturnPath: '',
      AllowedRecipients: '',
      RecipientAllowlist: '',
      BlockedRecipients: '',
      OverrideFrom: '',
      PreserveMessageIDs: false,
    },
    SpamAssassin: false,
    ChaosEnabled: true,
    DuplicatesIgnored: false,
    HideDeleteAllButton: false,
  })
}

async function tagCounts({ var: { mail } }: HttpContext) {
  const counts: Record<string, number> = {}
  for (const captured of mail.mailbox.all) {
    for (const tag of tagsOf(captured, await captured.parse())) counts[tag] = (counts[tag] ?? 0) + 1
  }
  return counts
}
