/**
 * People of another app, whose database `npm run import` has read, at the service
 * that stands on what the command has written.
 */
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { nameOfFormat } from '../../src/account/password-formats/index.ts'
import { type AppOptions, type RunningApp, startApp } from '../app.ts'
import { Clone } from '../commands/clone.ts'
import { dump } from '../database.ts'
import { startDenoApp } from '../deno-app.ts'
import { keptHashes } from './old-hashes.ts'
import { oldLink, takeOldLinks } from './old-link.ts'
import { type Runtime, runtimes } from './runtimes.ts'
import { askForReset, choosePassword, logIn, secondPassword } from './steps.ts'
import { full } from '../full.ts'

/** One of each kind, as its library made it. */
const byFormat = new Map(keptHashes['debian-12'].map((old) => [nameOfFormat(old.hash), old]))
const people = [...byFormat].map(([format, old], index) => ({
  ...old,
  id: index + 1,
  format: String(format),
  email: `${format}@example.test`,
}))

const only = (wanted: string) => people.filter(({ format }) => format === wanted)
/** Seconds of work for each, and old-hashes.test.ts has them all: one will do for each. */
const withLogIns = {
  workerd: full ? people : only('werkzeug-scrypt'),
  Deno: full ? people : only('bcrypt'),
}

/** Where the command writes to, by its settings, and the service that stands on that. */
const places: Record<Runtime, Place> = {
  workerd: {
    settings: () => ({}),
    start: (clone, options) => startApp({ ...options, ...clone.storage }),
  },
  Deno: {
    settings: (clone) => ({ DATABASE: clone.file('sparekey.db') }),
    start: (clone, options) => startDenoApp({ ...options, database: clone.file('sparekey.db') }),
  },
}

interface Place {
  settings(clone: Clone): Record<string, string>
  start(clone: Clone, options: Pick<AppOptions, 'mail' | 'settings'>): Promise<RunningApp>
}

test('there is somebody with each kind of hash', () => {
  const formats = people.map(({ format }) => format).toSorted()
  expect(formats).toEqual(['bcrypt', 'django-pbkdf2', 'werkzeug-pbkdf2', 'werkzeug-scrypt'])
})

describe.each(runtimes)('on %s', (runtime) => {
  const place = places[runtime]
  let clone: Clone
  let mail: MailServer
  let app: RunningApp

  beforeAll(async () => {
    clone = await Clone.make()
    makeDatabase(clone.file('users.db'))
    const { stdout } = await clone.runWith(place.settings(clone), 'import', 'users.db')
    expect(stdout).toContain(`${people.length} imported`)
    mail = await startMailServer()
    app = await place.start(clone, { mail, settings: takeOldLinks() })
  })

  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await mail.stop()
    await clone[Symbol.asyncDispose]()
  })

  const hashOf = async (email: string) =>
    (await dump(app.db)).account.find(({ address }) => address === email)?.['password_hash']

  test('the hashes are those of the other app', async () => {
    for (const { email, hash } of people) expect(await hashOf(email)).toBe(hash)
  })

  test.each(withLogIns[runtime])(
    'the old password opens the account, $format is replaced by Argon2id, the password stays',
    { timeout: 60_000 },
    async ({ email, password, hash }) => {
      expect(await hashOf(email)).toBe(hash)
      const wrong = await app.visitor().post('/login', { email, password: `${password}!` })
      expect(wrong.status).toBe(401)
      await logIn(app.visitor(), email, password)
      expect(await hashOf(email)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
      await logIn(app.visitor(), email, password)
    },
  )

  test('a reset of ours ends the old password and the link that the old app has mailed', async () => {
    const [{ id, email, password } = expect.fail()] = people
    const link = oldLink(id)
    expect((await app.visitor().get(link)).status).toBe(200)
    const ours = await askForReset(app.visitor(), mail.inbox(email))
    expect(await choosePassword(app.visitor(), ours)).toMatchObject({ status: 303 })
    expect((await app.visitor().get(link)).status).toBe(410)
    expect((await choosePassword(app.visitor(), link)).status).toBe(410)
    expect((await app.visitor().post('/login', { email, password })).status).toBe(401)
    await logIn(app.visitor(), email, secondPassword)
  })
})

function makeDatabase(path: string): void {
  using db = new DatabaseSync(path)
  db.exec('CREATE TABLE user (id INTEGER PRIMARY KEY, email TEXT, password_hash TEXT)')
  const insert = db.prepare('INSERT INTO user VALUES (?, ?, ?)')
  for (const { id, email, hash } of people) insert.run(id, email, hash)
}
