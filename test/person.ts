/**
 * Somebody who has an account, put straight into the database: the way there,
 * through a mailbox, is the subject of tests of its own (journeys/).
 */
import type { Inbox, MailServer } from '../harness/index.ts'
import { mintDeviceCookie } from '../src/account/device-cookie.ts'
import { createKeyring } from '../src/account/keyring.ts'
import { createPasswords } from '../src/account/password-hash.ts'
import { newId, secureRandom } from '../src/account/random.ts'
import { newSessionSecret } from '../src/account/session.ts'
import type { Locale } from '../templates/locales/index.ts'
import { argon2id } from './account/argon2id.ts'
import { type RunningApp, secretKey } from './app.ts'
import type { Visitor } from './visitor.ts'

export interface Person {
  address: string
  password: string
  inbox: Inbox
  /** In a browser of their own, unless one is given. */
  logIn(browser?: Visitor): Promise<Visitor>
  /** The same, but for the way there: where logging in is not the subject. */
  signIn(browser?: Visitor): Promise<Visitor>
  /** The link of a reset mail, from the inbox. */
  askForLink(): Promise<string>
}

export async function givePerson(
  app: RunningApp,
  mail: MailServer,
  { password = 'a first long password', ...rest }: Partial<NewAccount> = {},
): Promise<Person> {
  const inbox = mail.inbox()
  await giveAccount(app, inbox.address, { password, ...rest })
  return {
    address: inbox.address,
    password,
    inbox,
    async logIn(browser = app.visitor()) {
      const answer = await browser.post('/login', { email: inbox.address, password })
      if (answer.status !== 303) throw new Error(`Cannot log in: ${answer.status}`)
      return browser
    },
    async signIn(browser = app.visitor()) {
      await giveSession(app, inbox.address, browser)
      return browser
    },
    async askForLink() {
      await app.visitor().post('/reset_password', { email: inbox.address })
      return (await inbox.next({ subject: /new password/i })).link('/reset_password/')
    },
  }
}

interface NewAccount {
  password: string
  username?: string
  locale?: Locale
  /** Of the password, by another app: one that costs nothing, for who is to be guessed at. */
  hash?: string
}

/** As a registration leaves it. */
export async function giveAccount(
  { db }: Pick<RunningApp, 'db'>,
  address: string,
  { password, username = 'Ana', locale = 'en', hash }: NewAccount,
): Promise<void> {
  await db
    .prepare(
      `INSERT INTO account (id, address, address_key, username, password_hash, locale, proven_at, created_at)
       VALUES (?1, ?2, lower(?2), ?3, ?4, ?5, unixepoch(), unixepoch())`,
    )
    .bind(newId(secureRandom), address, username, hash ?? (await hashOf(password)), locale)
    .run()
}

/** As a log-in leaves it, with both cookies; the secret, which is what a bearer token is, too. */
export async function giveSession(
  { db }: Pick<RunningApp, 'db'>,
  address: string,
  browser?: Visitor,
): Promise<string> {
  const { secret, session } = await newSessionSecret(secureRandom)
  await db
    .prepare(
      `INSERT INTO session
         (secret_hash, id, account_id, credential_version, browser, system, created_at, last_seen_at)
       SELECT ?1, ?2, id, credential_version, 'Firefox', 'Linux', unixepoch(), unixepoch()
       FROM account WHERE address = ?3`,
    )
    .bind(session.secretHash, session.id, address)
    .run()
  browser?.setCookie('__Host-session', secret)
  browser?.setCookie('__Host-device', await mintDeviceCookie(keyring, address, session.id, now()))
  return secret
}

const keyring = createKeyring([secretKey])
const now = () => Math.floor(Date.now() / 1000)

const passwords = createPasswords({ argon2id, random: secureRandom })
const hashes = new Map<string, Promise<string>>()

/** The service's own, computed once a process for each password. */
function hashOf(password: string): Promise<string> {
  const known = hashes.get(password) ?? computeHash(password)
  hashes.set(password, known)
  return known
}

async function computeHash(password: string): Promise<string> {
  using turn = await passwords.turn()
  return turn.hash(password)
}
