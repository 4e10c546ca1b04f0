/**
 * What a receiver's filter thinks of the service's mails, in every language:
 * SpamAssassin with the rules that look at the mail alone, no network.
 */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { beforeAll, expect, test } from 'vitest'
import { startMailServer } from '../../harness/index.ts'
import { locales } from '../../templates/locales/index.ts'
import { startApp } from '../app.ts'
import { requirePrograms } from './debian.ts'

const SPAMASSASSIN = '/usr/bin/spamassassin'

/** In points. SpamAssassin calls 5 spam; a mail of ours has no reason for a single one. */
const SCORE_MAX = 1

beforeAll(() => requirePrograms({ [SPAMASSASSIN]: 'spamassassin' }))

test.for(locales)('a mail in %s has nothing of spam', async (locale) => {
  await using mail = await startMailServer()
  await using app = await startApp({ mail })
  const inbox = mail.inbox()
  await app.visitor().post('/register', { email: inbox.address }, { 'Accept-Language': locale })
  const { raw } = await inbox.next()
  const { score, report } = await judge(raw)
  expect(score, report).toBeLessThan(SCORE_MAX)
})

test('the filter is awake: it knows the test mail for spam filters', async () => {
  const gtube = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'
  const { score } = await judge(Buffer.from(`Subject: spam\r\n\r\n${gtube}\r\n`))
  expect(score).toBeGreaterThan(900)
})

/** The score, and SpamAssassin's own report of how it comes to it. */
async function judge(raw: Uint8Array): Promise<{ score: number; report: string }> {
  const child = spawn(SPAMASSASSIN, ['--local', '--test-mode'])
  child.stdin.end(raw)
  const [report] = await Promise.all([text(child.stdout), text(child.stderr)])
  const score = Number(/^X-Spam-Status: \w+, score=(-?[\d.]+)/m.exec(report)?.[1])
  return { score, report }
}
