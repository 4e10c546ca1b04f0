/** What the command says, for people or for machines. */
import type { Captured } from '../mailbox/captured.ts'
import type { MailServer } from '../mail-server.ts'
import type { CliOptions } from './options.ts'
import { messageFacts, tellMessage } from './tell-message.ts'

export interface Announcer {
  ready(mail: MailServer): void
  message(captured: Captured, url: string): Promise<void>
  dropped(reason: string): void
}

export function announcerFor({ json, quiet, command }: CliOptions): Announcer {
  return json ? forMachines(quiet) : forPeople(quiet, command !== undefined)
}

/**
 * Other programs wait for the lines `inbox …` and `smtp …`; nothing else on standard output begins
 * with these words. Around a command, standard output is the command's.
 */
function forPeople(quiet: boolean, around: boolean): Announcer {
  const ready = ({ url, smtp, smtps, caFile }: MailServer) => {
    const lines = `inbox ${url === '' ? 'off' : url}\nsmtp ${smtp.host}:${smtp.port}\n`
    ;(around ? process.stderr : process.stdout).write(lines)
    const tls =
      smtps === undefined ? '' : `TLS from the first byte on ${smtps.host}:${smtps.port}; `
    process.stderr.write(`${tls}to trust its TLS: NODE_EXTRA_CA_CERTS=${caFile}\n`)
  }
  return {
    ready,
    message: async (captured, url) => {
      if (!quiet) process.stderr.write(await tellMessage(captured, url))
    },
    dropped: (reason) => void process.stderr.write(`dropped: ${reason}\n`),
  }
}

function forMachines(quiet: boolean): Announcer {
  const say = (event: string, facts: object) =>
    void process.stdout.write(`${JSON.stringify({ event, ...facts })}\n`)
  return {
    ready: ({ url, smtp, smtps, caFile }) =>
      say('ready', { inbox: url === '' ? null : url, smtp, smtps: smtps ?? null, ca: caFile }),
    message: async (captured, url) => {
      if (!quiet) say('message', await messageFacts(captured, url))
    },
    dropped: (reason) => say('dropped', { reason }),
  }
}
