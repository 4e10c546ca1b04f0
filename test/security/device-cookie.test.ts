/**
 * A browser that knows an account may try a password while strangers are slowed
 * down: only with the cookie that it was given, and for that account alone. FULL
 * tries each door on each runtime.
 */
import { describe, expect, test } from 'vitest'
import type { MailServer } from '../../harness/index.ts'
import { DEVICE_COOKIE_AGE, mintDeviceCookie } from '../../src/account/device-cookie.ts'
import { createKeyring } from '../../src/account/keyring.ts'
import { secretKey, type RunningApp } from '../app.ts'
import { runtimes } from '../journeys/runtimes.ts'
import { askForReset, firstPassword, secondPassword, tokenOf } from '../journeys/steps.ts'
import { givePerson } from '../person.ts'
import { setRun } from './attackers.ts'
import { doorsOn, outcomeOf } from './doors.ts'
import { useApp } from '../use-app.ts'

const now = Math.floor(Date.now() / 1000)
const ours = createKeyring([secretKey])
const other = createKeyring(['another key that is at least 32 bytes long'])

/** Of the three parts of a JWT, some are others. */
function withParts(jwt: string, parts: { header?: string; claims?: string; signature?: string }) {
  const [header = '', claims = '', signature = ''] = jwt.split('.')
  return Object.values({ header, claims, signature, ...parts }).join('.')
}

const decode = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString())
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

const forgeries: [string, (good: string, address: string) => string | Promise<string>][] = [
  ['nothing', () => ''],
  ['nonsense', () => 'a.b.c'],
  ['without its end', (good) => good.slice(0, -1)],
  ['without its signature', (good) => withParts(good, { signature: '' })],
  ['of another key', (_, address) => mintDeviceCookie(other, address, 'a', now)],
  [
    'of another key under the name of ours',
    async (good, address) => {
      const [, claims = '', signature = ''] = (
        await mintDeviceCookie(other, address, 'a', now)
      ).split('.')
      return withParts(good, { claims, signature })
    },
  ],
  [
    'that claims to be unsigned',
    (good) => withParts(good, { header: encode({ alg: 'none' }), signature: '' }),
  ],
  ['of another account', () => mintDeviceCookie(ours, 'eve@example.test', 'a', now)],
  [
    'of another account, with this one written over it',
    async (good) => {
      const eves = await mintDeviceCookie(ours, 'eve@example.test', 'a', now)
      return withParts(eves, { claims: good.split('.')[1] ?? '' })
    },
  ],
  [
    'that is a link by its purpose',
    (good) => {
      const { sub, jti } = decode(good.split('.')[1])
      return ours.sign('reset', { sub, jti }, now + 3600)
    },
  ],
  [
    'that has expired',
    (_, address) => mintDeviceCookie(ours, address, 'a', now - DEVICE_COOKIE_AGE - 1),
  ],
]

describe.each(runtimes)('on %s', (runtime, startApp) => {
  let mail: MailServer
  let app: RunningApp

  useApp(startApp, (started) => ({ mail, app } = started), {
    settings: { LIMIT_PASSWORD: '1000/900' },
  })

  test.each(doorsOn(runtime, 'JSON'))(
    'by %s, no forged one helps, and the real one does',
    async (_door, door) => {
      const person = await givePerson(app, mail, { password: firstPassword })
      const owner = await person.logIn()
      const { address } = person
      const good = owner.cookie('__Host-device') ?? ''
      const tryWith = async (cookie: string) => {
        const visitor = app.visitor()
        visitor.setCookie('__Host-device', cookie)
        return outcomeOf(await door.logIn(visitor, address, firstPassword))
      }
      await setRun(app, address, 500)
      expect(outcomeOf(await door.logIn(app.visitor(), address, 'not the password'))).toBe(
        'refused',
      )
      for (const [what, forge] of forgeries) {
        const outcome = await tryWith(await forge(good, address))
        expect([what, outcome]).toEqual([what, 'throttled'])
      }
      expect(await tryWith(good)).toBe('taken')
    },
  )

  test.each(doorsOn(runtime, 'JSON'))(
    'by %s, it is no link, and a link is none of it',
    async (_door, door) => {
      const person = await givePerson(app, mail, { password: firstPassword })
      const { inbox } = person
      const owner = await person.signIn()
      const cookie = owner.cookie('__Host-device') ?? ''
      expect((await app.visitor().get(`/reset_password/${cookie}`)).status).toBe(410)
      expect((await app.visitor().get(`/register/${cookie}`)).status).toBe(410)
      expect(outcomeOf(await door.redeem(app.visitor(), cookie, secondPassword))).toBe('dead')
      expect(outcomeOf(await door.confirm(app.visitor(), cookie, secondPassword))).toBe('dead')

      const link = tokenOf(await askForReset(app.visitor(), inbox))
      await setRun(app, inbox.address, 500)
      await door.logIn(app.visitor(), inbox.address, 'not the password')
      const visitor = app.visitor()
      visitor.setCookie('__Host-device', link)
      expect(outcomeOf(await door.logIn(visitor, inbox.address, firstPassword))).toBe('throttled')
    },
  )
})
