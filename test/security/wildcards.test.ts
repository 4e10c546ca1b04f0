/**
 * SQL in an address is an address (ASVS 5.0 §1.2.4): it finds nobody else, counts
 * for nobody else and changes nothing of anybody else. FULL tries each door on each
 * runtime.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Inbox, MailServer } from '../../harness/index.ts'
import type { RunningApp } from '../app.ts'
import { dump } from '../database.ts'
import { runtimes } from '../journeys/runtimes.ts'
import { logIn, untilRecorded } from '../journeys/steps.ts'
import { giveAccount, giveSession } from '../person.ts'
import { setRun } from './attackers.ts'
import { doorsOn, outcomeOf } from './doors.ts'
import { password, quickHash } from './people.ts'
import { useApp } from '../use-app.ts'

const hostile = [
  '%',
  '_',
  '%@%',
  '%@example.test',
  '_______@example.test',
  '*@example.test',
  `' OR 1=1--`,
  `'or'1'='1@example.test`,
  `'/**/or/**/1=1--@example.test`,
  `x');DROP TABLE account;--@example.test`,
  `"||(SELECT address FROM account)||"@example.test`,
  '?1@example.test',
  '\\@example.test',
]

describe.each(runtimes)('on %s', (runtime, startApp) => {
  let mail: MailServer
  let app: RunningApp
  let owner: Inbox

  useApp(startApp, (started) => ({ mail, app } = started))

  beforeAll(async () => {
    owner = mail.inbox()
    // What is guessed is held against it, too, and costs little.
    await giveAccount(app, owner.address, { password, hash: quickHash })
    await giveSession(app, owner.address)
    await setRun(app, owner.address, 50)
  })

  async function dumpOfOwner() {
    const { account, session, wrong_password_run: runs } = await dump(app.db)
    return { account, session, runs: runs.filter(({ run }) => run === owner.address) }
  }

  describe.each(doorsOn(runtime))('by %s', (_name, door) => {
    test.each(hostile)('%s is nobody’s', async (email) => {
      const before = await dumpOfOwner()
      const answers = [
        await door.ask(app.visitor(), email),
        await door.register(app.visitor(), email),
        await door.logIn(app.visitor(), email, password),
      ]
      for (const [index, answer] of answers.entries()) {
        const expected = index === 2 ? ['refused'] : ['taken', '422']
        expect(expected).toContain(outcomeOf(answer))
      }
      await untilRecorded(app)
      expect(await dumpOfOwner()).toEqual(before)
    })

    test('the owner was mailed nothing, and gets in', async () => {
      await owner.none()
      await logIn(app.visitor(), owner.address, password)
      await setRun(app, owner.address, 50)
    })
  })
})
