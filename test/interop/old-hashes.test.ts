/**
 * Hashes that the libraries of Debian's packages have just made open accounts,
 * and nothing else does.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startMailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import {
  expectRefusal,
  expectUpgrade,
  keptHashes,
  type OldHash,
  parseHashes,
} from '../journeys/old-hashes.ts'
import { PACKAGES, PYTHON, requirePrograms, run } from './debian.ts'

let app: App
let made: OldHash[]

beforeAll(async () => {
  requirePrograms({
    [PYTHON]: 'python3',
    [`${PACKAGES}/werkzeug`]: 'python3-werkzeug',
    [`${PACKAGES}/django`]: 'python3-django',
    [`${PACKAGES}/bcrypt`]: 'python3-bcrypt',
  })
  made = parseHashes((await run(PYTHON, ['test/interop/old-hashes/make.py'])).stdout)
  await using mail = await startMailServer()
  app = await startApp({ mail })
})

afterAll(() => app[Symbol.asyncDispose]())

test('they are of every kind that is kept as a fixture', () => {
  const kept = keptHashes['debian-12'].map(({ app: name, password }) => [name, password])
  expect(made.map(({ app: name, password }) => [name, password])).toEqual(kept)
})

describe.each(keptHashes['debian-12'].map(({ app: name }, place) => [name, place] as const))(
  'a hash for %s, number %i',
  (_, place) => {
    test('opens the account once, and is ours from then on', async () => {
      await expectUpgrade(app, fresh(place))
    })

    test('is opened by no other password', async () => {
      await expectRefusal(app, fresh(place))
    })
  },
)

function fresh(place: number): OldHash {
  const old = made[place]
  if (old === undefined) throw new TypeError(`No hash number ${place} was made`)
  return old
}
