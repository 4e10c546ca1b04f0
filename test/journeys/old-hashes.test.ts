/**
 * People whose password another app has hashed log in with it, once more. The
 * hashes are what test/interop/old-hashes/make.py printed.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startMailServer } from '../../harness/index.ts'
import { nameOfFormat } from '../../src/account/password-formats/index.ts'
import type { RunningApp } from '../app.ts'
import { expectRefusal, expectUpgrade, keptHashes } from './old-hashes.ts'
import { type Runtime, runtimes } from './runtimes.ts'
import { full } from '../full.ts'

const { latest, 'debian-12': debian } = keptHashes
const all = [...debian, ...latest]
/** The newest libraries only count higher: a million iterations, seconds of work each, are for `npm run test:full`. */
const quick = [...debian, ...latest.filter(({ hash }) => hash.startsWith('scrypt'))]
/** The same code runs on both: each hash on one of them, and each format on both, will do. */
const formats = new Map(quick.map((old) => [nameOfFormat(old.hash), old]))
const onDeno = [...formats.values()]
const onWorkerd = quick.filter((old) => !onDeno.includes(old))
const tried = { workerd: full ? all : onWorkerd, Deno: full ? all : onDeno }

/** Whose wrong passwords are tried. */
const refused: Record<Runtime, RegExp> = full
  ? { workerd: /^scrypt|^\$2y/, Deno: /^scrypt|^\$2y/ }
  : { workerd: /^\$2y/, Deno: /^scrypt/ }

test('each format is tried on both', () => {
  const namesOf = (some: typeof all) => new Set(some.map(({ hash }) => nameOfFormat(hash)))
  expect(namesOf(tried.workerd)).toEqual(namesOf(tried.Deno))
})

test.each(all)('no import leaves out what $maker makes for $app: $hash', ({ hash }) => {
  expect(nameOfFormat(hash)).not.toBeNull()
})

describe.each(runtimes)('on %s', (runtime, startApp) => {
  let app: RunningApp
  beforeAll(async () => {
    await using mail = await startMailServer()
    app = await startApp({ mail })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  test.each(tried[runtime])('$maker, $app: the password opens the account, $hash', async (old) => {
    await expectUpgrade(app, old)
  })

  test('no other password does', async () => {
    for (const old of debian.filter(({ hash }) => refused[runtime].test(hash))) {
      await expectRefusal(app, old)
    }
  })
})
