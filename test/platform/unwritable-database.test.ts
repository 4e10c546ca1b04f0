/**
 * A database that may not grow any more, or that somebody else holds: a full disk
 * or the 10 GB of a D1, and a program that writes to the same file.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { type RunningApp, startApp } from '../app.ts'
import { type DenoApp, startDenoApp } from '../deno-app.ts'
import {
  askForReset,
  choosePassword,
  firstPassword,
  logIn,
  signUp,
  untilRecorded,
} from '../journeys/steps.ts'
import type { Answer } from '../visitor.ts'
import { full } from '../full.ts'

/** Takes the room that the pages of sessions still have: by log-ins it would cost a hash for each. */
async function fillSessions(app: DenoApp): Promise<void> {
  const sql = `INSERT INTO session
    SELECT hex(randomblob(22)), hex(randomblob(6)), id, 1, hex(randomblob(100)), NULL, 0, 0 FROM account`
  let answer: unknown = {}
  for (let n = 0; n < 300 && !Object.hasOwn(Object(answer), 'error'); n++) {
    answer = await app.order({ batch: [{ sql, values: [] }] })
  }
  expect(answer).toMatchObject({ error: expect.stringContaining('database or disk is full') })
}

/** Does it again until the pages of every table that it writes to are full. */
async function untilTurnedAway(request: (n: number) => Promise<Answer>): Promise<void> {
  let answer = await request(0)
  for (let n = 1; n < 300 && answer.status === 303; n++) answer = await request(n)
  expectTurnedAway(answer)
}

function expectTurnedAway({ status, headers }: Answer): void {
  expect([status, headers.get('Retry-After')]).toEqual([503, '10'])
}

test('a full database turns away what has to be written, shows its pages, and loses nothing', async () => {
  await using mail = await startMailServer()
  await using app = await startDenoApp({ mail })
  const inbox = mail.inbox()
  await signUp(app, inbox)
  const link = await askForReset(app.visitor(), inbox)
  await logIn(app.visitor(), inbox.address, firstPassword)
  const mayHave = (pages: number) =>
    app.order({ batch: [{ sql: `PRAGMA max_page_count = ${pages}`, values: [] }] })
  // As small as it is, but for the room that its pages still have (https://sqlite.org/pragma.html).
  await mayHave(1)
  await untilTurnedAway((n) =>
    app.visitor().post('/reset_password', { email: `n${n}@example.test` }),
  )
  await fillSessions(app)
  const credentials = { email: inbox.address, password: firstPassword }
  await untilTurnedAway(() => app.visitor().post('/login', credentials))
  expectTurnedAway(await choosePassword(app.visitor(), link))
  expect((await app.visitor().get('/login')).status).toBe(200)
  expect((await app.visitor().get(link)).status).toBe(200)

  await mayHave(100_000)
  await logIn(app.visitor(), inbox.address, firstPassword)
  expect((await choosePassword(app.visitor(), link)).status).toBe(303)
})

describe('while another program holds the database', () => {
  test('on Deno people wait for it, for so long, and pages do not', async () => {
    await using mail = await startMailServer()
    await using app = await startDenoApp({ mail })
    await expectPatience(app, mail, app.database)
  })

  test('on workerd it is the same', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sparekey-'))
    await using mail = await startMailServer()
    {
      await using app = await startApp({ mail, storage: folder })
      const objects = join(folder, 'miniflare-D1DatabaseObject')
      const names = await readdir(objects)
      const name = names.find((each) => /^[0-9a-f]{64}\.sqlite$/.test(each)) ?? ''
      await expectPatience(app, mail, join(objects, name))
    }
    await rm(folder, { recursive: true })
  })
})

async function expectPatience(app: RunningApp, mail: MailServer, path: string): Promise<void> {
  const inbox = mail.inbox()
  await signUp(app, inbox)
  const link = await askForReset(app.visitor(), inbox)
  await untilRecorded(app)
  const credentials = { email: inbox.address, password: firstPassword }
  const logIn = () => app.visitor().post('/login', credentials)
  // The service may be writing how a mail ended.
  using program = new DatabaseSync(path, { timeout: 5000 })

  program.exec('BEGIN IMMEDIATE')
  let answered = false
  const waiting = logIn().finally(() => (answered = true))
  for (let page = 0; page < 10; page++) {
    expect((await app.visitor().get('/login')).status).toBe(200)
  }
  expect(answered).toBe(false)
  program.exec('ROLLBACK')
  expect(await waiting).toMatchObject({ status: 303 })

  if (full) {
    program.exec('BEGIN IMMEDIATE')
    const refused = [logIn(), choosePassword(app.visitor(), link)]
    for (const answer of await Promise.all(refused)) expectTurnedAway(answer)
    program.exec('ROLLBACK')
    expect(await logIn()).toMatchObject({ status: 303 })
  }
  expect((await choosePassword(app.visitor(), link)).status).toBe(303)
}
