/**
 * Mails are in the language stored with the account; in that of the request
 * while an account that was imported has said none.
 */
import { randomBytes } from 'node:crypto'
import { hashSync } from 'bcryptjs'
import { expect, test } from 'vitest'
import type { Inbox, MailServer } from '../../harness/index.ts'
import { secureRandom } from '../../src/account/random.ts'
import { askResetFor } from '../../src/store/operator.ts'
import { wordsOf } from '../../templates/locales/index.ts'
import { type App, startApp } from '../app.ts'
import { dump } from '../database.ts'
import { importRow } from '../imported-person.ts'
import { choosePassword, untilRecorded } from '../journeys/steps.ts'
import { useApp } from '../use-app.ts'

const password = 'the old long password'
const passwordHash = hashSync(password, 4)

let mail: MailServer
let app: App
let inbox: Inbox

useApp(startApp, (started) => ({ mail, app } = started), { settings: { DEFAULT_LOCALE: 'ja' } })

async function giveImported(locale: string | null = null) {
  inbox = mail.inbox()
  const legacyId = randomBytes(4).toString('hex')
  await importRow(app, { legacyId, address: inbox.address, passwordHash, locale })
  return inbox.address
}

/** Asks in a language, and the language that the mail is in. */
async function askIn(language: string, email: string) {
  const header = { 'Accept-Language': language }
  await app.visitor().post('/reset_password', { email }, header)
  return readNext()
}

async function readNext() {
  const message = await inbox.next()
  await untilRecorded(app)
  const language = /<html lang="([\w-]+)"/.exec(message.html ?? '')?.[1]
  return { message, language }
}

test('of whoever asks while none is stored, also for the notice; from then on of the account', async () => {
  const email = await giveImported()
  expect((await askIn('fr', email)).language).toBe('fr')
  const { message, language } = await askIn('de', email)
  expect(language).toBe('de')
  const browser = app.visitor()
  browser.setCookie('__Host-language', 'de')
  await choosePassword(browser, message.link('/reset_password/'))
  const notice = await readNext()
  expect(notice.message.subject).toBe(wordsOf('de').mails['password-changed'].subject('Sparekey'))
  expect((await askIn('fr', email)).language).toBe('de')
})

test('of whoever changes the password, signed in', async () => {
  const email = await giveImported()
  const browser = app.visitor()
  await browser.post('/login', { email, password })
  const chosen = { password: 'quite another long one', confirm_password: 'quite another long one' }
  const header = { 'Accept-Language': 'es' }
  await browser.post('/account/password', { current_password: password, ...chosen }, header)
  expect((await readNext()).language).toBe('es')
})

test('of the account when the other app knew it, whatever is asked in', async () => {
  expect((await askIn('de', await giveImported('fr'))).language).toBe('fr')
})

test('DEFAULT_LOCALE when the operator asks and nobody has said one', async () => {
  const address = await giveImported()
  const { account } = await dump(app.db)
  const id = String(account.find((row) => row['address'] === address)?.['id'])
  await askResetFor(app.db, { id, address }, secureRandom, Math.floor(Date.now() / 1000))
  await app.sweep()
  expect((await readNext()).language).toBe('ja')
})
