/**
 * What a link costs that has been used: no hash, also when it was used while its
 * next post waited for something else than its turn, or came just before that.
 */
import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { givePerson } from '../person.ts'
import { list, type RangeApi, startRangeApi } from '../range-api.ts'
import { tokenOf } from '../journeys/steps.ts'
import { doors, outcomeOf } from './doors.ts'

const POSTS = 3
const password = 'quite another long one'

let rangeApi: RangeApi
let mail: MailServer
let app: App

beforeAll(async () => {
  rangeApi = await startRangeApi(list([]))
  mail = await startMailServer()
  app = await startApp({ mail, settings: { PWNED_PASSWORDS: rangeApi.url.href } })
})

afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await mail.stop()
  await rangeApi[Symbol.asyncDispose]()
})

/** Answers that are not given before all have been asked for. */
function holdRangeApi(posts: number) {
  const asked: ServerResponse[] = []
  const { promise: all, resolve } = Promise.withResolvers<ServerResponse[]>()
  rangeApi.answer((_request, response) => {
    if (asked.push(response) === posts) resolve(asked)
  })
  return all
}

describe.each(doors)('by %s', (_way, door) => {
  test('a reset hashes once, whenever the range API answers each post of its link', async () => {
    const token = tokenOf(await (await givePerson(app, mail)).askForLink())
    await expectOneHash(() => door.redeem(app.visitor(), token, password))
  })

  test('a registration does so, too', async () => {
    const token = await registerToken()
    await expectOneHash(() => door.confirm(app.visitor(), token, password))
  })

  test('a reset that is being written down costs no second hash', async () => {
    const token = tokenOf(await (await givePerson(app, mail)).askForLink())
    await expectOneHashWhileClaimed('credential_version + 1', () =>
      door.redeem(app.visitor(), token, password),
    )
  })

  test('a registration that is being written down does not, either', async () => {
    const token = await registerToken()
    await expectOneHashWhileClaimed('INSERT INTO account', () =>
      door.confirm(app.visitor(), token, password),
    )
  })
})

async function registerToken(): Promise<string> {
  const inbox = mail.inbox()
  await app.visitor().post('/register', { email: inbox.address })
  return tokenOf((await inbox.next()).link('/register/'))
}

type Post = () => ReturnType<(typeof doors)[0][1]['redeem']>

/** The second post comes after the hash of the first, and before what the first changes is written. */
async function expectOneHashWhileClaimed(claim: string, post: Post) {
  rangeApi.answer(list([]))
  const { hashes } = await app.door({})
  const claimed = await app.hold(claim, 1)
  const first = post()
  await claimed.all()
  const asked = holdRangeApi(1)
  const second = post()
  const [answer] = await asked
  await claimed.release()
  expect(outcomeOf(await first)).toBe('taken')
  answer?.end()
  expect(outcomeOf(await second)).not.toBe('taken')
  expect((await app.door({})).hashes - hashes).toBe(1)
}

/** Each post goes on when the one before has been answered: none has to wait for a turn. */
async function expectOneHash(post: Post) {
  const held = holdRangeApi(POSTS)
  const { hashes } = await app.door({})
  const answers = Array.from({ length: POSTS }, post)
  const open = new Map(answers.map((each, n) => [n, each.then(() => n)]))
  for (const response of await held) {
    response.end()
    open.delete(await Promise.race(open.values()))
  }
  const outcomes = (await Promise.all(answers)).map(outcomeOf)
  expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(1)
  expect((await app.door({})).hashes - hashes).toBe(1)
}
