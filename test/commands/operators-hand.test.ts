/**
 * `npm run account` beside the service, on one database: what the operator
 * starts, and never sees (ASVS 5.0 §6.4.6, §7.4.5).
 */
import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { dump } from '../database.ts'
import { choosePassword, logIn, tokenOf, untilRecorded } from '../journeys/steps.ts'
import { password, quickHash } from '../security/people.ts'
import { Clone } from './clone.ts'

const slow = { timeout: 60_000 }
const ana = 'ana@example.test'
const bo = 'bo@example.test'

let mail: MailServer
let clone: Clone
let app: App

beforeAll(async () => {
  clone = await Clone.make()
  const rows = [ana, bo].map((email) => JSON.stringify({ email, password: quickHash }))
  await writeFile(clone.file('people.jsonl'), rows.join('\n'))
  expect(await clone.run('import', 'people.jsonl')).toMatchObject({ status: 0 })
  mail = await startMailServer()
  app = await startApp({ mail, ...clone.storage })
})

afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await mail.stop()
  await clone[Symbol.asyncDispose]()
})

test(
  'send-reset mails a link that neither the operator nor the database ever has',
  slow,
  async () => {
    const sent = await clone.run('account', 'send-reset', ana)
    expect(sent).toEqual({
      status: 0,
      stdout: `A link for ${ana} goes out with the next sweep, within a minute\n`,
      stderr: '',
    })
    const { audit, account } = await dump(app.db)
    const { id } = account.find(({ address }) => address === ana) ?? {}
    expect(audit.at(-1)).toMatchObject({
      ...{ event: 'reset-asked', account_id: id, address: 'a***@example.test', network: null },
    })
    await app.sweep()
    const link = (await mail.inbox(ana).next({ subject: /new password/i })).link('/reset_password/')
    await untilRecorded(app)

    const looks = [
      await clone.run('outbox', 'list', '--json'),
      await clone.run('audit', '--json'),
      await clone.run('account', 'find', ana),
      await clone.run('export'),
    ]
    const signature = tokenOf(link).split('.').at(-1) ?? ''
    expect(signature).toMatch(/^[\w-]{43}$/)
    const seen = JSON.stringify([sent, ...looks, await dump(app.db)])
    for (const secret of [tokenOf(link), signature]) expect(seen).not.toContain(secret)
    expect((await dump(app.db)).outbox).toMatchObject([{ purpose: 'reset', detail: null }])
    expect(await choosePassword(app.visitor(), link)).toMatchObject({ status: 303 })
  },
)

test('end-sessions --all logs everybody out, and audit says so', slow, async () => {
  const visitors = [app.visitor(), app.visitor()]
  for (const visitor of visitors) await logIn(visitor, bo, password)
  const ended = await clone.run('account', 'end-sessions', '--all')
  expect(ended).toEqual({
    status: 0,
    stdout: 'Ended 2 sessions: nobody is logged in, and no reset link that is out works\n',
    stderr: '',
  })
  for (const visitor of visitors) expect((await visitor.get('/account')).status).toBe(303)
  const { stdout } = await clone.run('audit', '--event', 'sessions-ended', '--json')
  const rows = stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  expect(rows).toMatchObject([{ account_id: expect.any(String) }, { account_id: null }])
})
