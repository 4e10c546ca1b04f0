import type { MailServer } from '../../harness/index.ts'
import { deliver } from './deliver.ts'

const token = `eyJhbGciOiJIUzI1NiJ9.${'eyJhdWQiOiJyZXNldCJ9'.repeat(3)}.c2lnbmF0dXJl_`

/** The address of the reset link in the samples. */
export const resetLink = `https://app.example.test/reset_password/${token}`

/** A small mailbox as a developer would have it: links, a code, pictures, an attachment, a plain text. */
export async function sendSamples(mail: MailServer) {
  await deliver(mail, {
    from: 'Build robot <ci@example.test>',
    to: 'team@example.test',
    subject:
      'Build 1432 failed on main after 4 minutes and 12 seconds, see the log that is attached to this message',
    text: 'The build failed.\n\nSee https://ci.example.test/builds/1432.\n',
    attachments: [{ filename: 'build.log', content: 'error: everything\n'.repeat(400) }],
  })
  await deliver(mail, {
    from: 'Example <hello@example.test>',
    to: 'grace@example.test',
    subject: 'Your code is 482913',
    text: 'Your verification code is 482 913. It works for ten minutes.',
    html: '<p>Your verification code is</p><p style="font-size:32px"><b>482 913</b></p><p>It works for ten minutes.</p>',
  })
  await deliver(mail, {
    from: 'Newsletter <news@example.test>',
    to: 'ada@example.test',
    subject: 'November news',
    html: '<body style="background:#fff"><h1 style="color:#999">News</h1><p>Now with <a href="https://evil.example.com">www.example.test</a></p><img src="https://track.example.com/pixel.gif"><p><a href="https://example.test/unsubscribe">Unsubscribe</a></p></body>',
  })
  await deliver(mail, {
    from: 'Sparekey <service@example.test>',
    to: 'Ada Lovelace <ada@example.test>',
    subject: 'Choose a new password',
    text: `Hello Ada,\n\nsomebody asked for a new password. If it was you, open this link:\n\n${resetLink}\n\nIt works for 30 minutes. If it was not you, do nothing.\n`,
    html: `<html lang="en"><body style="font:16px/1.5 sans-serif;margin:0;padding:24px"><p>Hello Ada,</p><p>somebody asked for a new password. If it was you:</p><p><a href="${resetLink}" style="display:inline-block;padding:10px 18px;background:#1a56db;color:#fff;border-radius:8px;text-decoration:none">Choose a new password</a></p><p>It works for 30 minutes. If it was not you, do nothing.</p></body></html>`,
  })
}
