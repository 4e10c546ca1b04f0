/**
 * What a Flask app leaves behind, taken over by the service: for the files that
 * are kept as fixtures, and for those that the app has just made.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openSource } from '../../commands/import/open-source.ts'
import { runImport } from '../../commands/import/run-import.ts'
import { Seen } from '../../commands/import/seen.ts'
import { databaseTarget } from '../../commands/import/target.ts'
import type { MailServer } from '../../harness/index.ts'
import { newId, secureRandom } from '../../src/account/random.ts'
import { isLocale } from '../../templates/locales/index.ts'
import type { RunningApp } from '../app.ts'
import { dump } from '../database.ts'
import type { StartApp } from './runtimes.ts'
import { choosePassword, logIn, secondPassword } from './steps.ts'

/** What test/interop/flask/app.py has made, beside the databases. */
export interface Made {
  secretKey: string
  /** Of a link, in seconds. */
  lifetime: number
  /** Unix seconds. */
  madeAt: number
  people: { username: string; email: string; password: string }[]
  /** By the name of the app. */
  mailed: Record<string, { email: string; path: string }[]>
}

/** The apps, and how the hashes begin that they have written. */
export const flaskApps = {
  'flaskblog-old': '$2b$12$',
  flaskblog: '$2b$12$',
  microblog: 'pbkdf2:sha256:260000$',
} as const

export type FlaskApp = keyof typeof flaskApps

/** Starts the service with the accounts of an app, and its clock at the time when the app was left. */
export async function takeOver(
  folder: string,
  name: FlaskApp,
  { mail, startApp }: { mail: MailServer; startApp: StartApp },
) {
  const made: Made = JSON.parse(await readFile(join(folder, 'mailed.json'), 'utf8'))
  const nextDay = new Date((made.madeAt + 24 * 3600) * 1000).toISOString().slice(0, 10)
  const settings = { LEGACY_SECRET_KEY: made.secretKey, LEGACY_UNTIL: nextDay }
  const app = await startApp({ mail, settings })
  await app.advance(made.madeAt - Math.floor(Date.now() / 1000))
  await importDatabase(app, join(folder, `${name}.db`), made)
  return { app, made, link: made.mailed[name]?.[0]?.path ?? '' }
}

async function importDatabase(
  app: RunningApp,
  path: string,
  { madeAt, people }: Made,
): Promise<void> {
  using source = await openSource(path, { named: {} })
  using seen = new Seen()
  const tally = await runImport({
    ...{
      rows: source.rows(),
      seen,
      target: databaseTarget(app.db, { now: madeAt, bringBack: false }),
    },
    defaults: { locale: null, isLocale, now: madeAt, newId: () => newId(secureRandom) },
    shouldStop: () => false,
    onSkip: (skip) => expect.fail(JSON.stringify(skip)),
    onProgress: () => {},
  })
  expect(tally).toMatchObject({ read: people.length, imported: people.length })
}

/** Who knows the old password logs in with it, and the hash is one of today from then on. */
export async function expectLogIns(
  { app, made }: TakenOver,
  oldHash: string,
  { many = 2 } = {},
): Promise<void> {
  const [ana, ...others] = made.people.slice(0, many)
  if (ana === undefined) throw new TypeError('There is nobody to log in')
  const wrong = await app.visitor().post('/login', { ...ana, password: `${ana.password}!` })
  expect(wrong.status).toBe(401)
  for (const { email, password } of [ana, ...others]) {
    expect((await hashOf(app, email)).slice(0, oldHash.length)).toBe(oldHash)
    await logIn(app.visitor(), email, password)
    expect(await hashOf(app, email)).toMatch(/^\$argon2id\$/)
    await logIn(app.visitor(), email, password)
  }
}

/** Whoever had forgotten the password finishes what they have begun, once. */
export async function expectReset({ app, made, link }: TakenOver): Promise<void> {
  const email = made.people.at(-1)?.email ?? ''
  expect((await app.visitor().get(link)).body).toContain(email)
  expect(await choosePassword(app.visitor(), link)).toMatchObject({ status: 303 })
  await logIn(app.visitor(), email, secondPassword)
  expect((await choosePassword(app.visitor(), link)).status).toBe(410)
}

type TakenOver = Awaited<ReturnType<typeof takeOver>>

async function hashOf(app: RunningApp, email: string): Promise<string> {
  const { account } = await dump(app.db)
  return String(account.find(({ address }) => address === email)?.['password_hash'])
}
