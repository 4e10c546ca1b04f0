/**
 * Limits are in the database, not in the memory of an isolate: what was counted
 * before a restart counts after it, and beside another process on the same file.
 * FULL comes by each door alone, too.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { type RunningApp, startApp } from '../app.ts'
import { startDenoApp } from '../deno-app.ts'
import { lowLimits, newNetwork, times } from './attackers.ts'
import { outcomesOf, ways } from './doors.ts'
import { newAddress } from './people.ts'

let mail: MailServer
let folder: string

beforeAll(async () => {
  mail = await startMailServer()
  folder = await mkdtemp(join(tmpdir(), 'sparekey-'))
})

afterAll(async () => {
  await mail.stop()
  await rm(folder, { recursive: true })
})

type Start = () => Promise<RunningApp>

const restarts: [name: string, start: Start][] = [
  ['workerd, again on its D1', () => startApp({ mail, settings: lowLimits, storage: folder })],
  [
    'Deno, again on its file',
    () => startDenoApp({ mail, settings: lowLimits, database: join(folder, 'sparekey.db') }),
  ],
]

describe.each(restarts)('%s', (_, start) => {
  test.each(ways)('turns away who was over a limit before, by %s', async (_way, door) => {
    const [network, address] = [newNetwork(), newAddress()]
    const ask = (app: RunningApp) => (i: number) => door(i).ask(app.visitor(network), newAddress())
    const guess = (app: RunningApp) => (i: number) =>
      door(i).logIn(app.visitor(network), address, 'not it')
    {
      await using first = await start()
      expect(outcomesOf(await times(5, ask(first)))).toEqual({ taken: 5 })
      expect(outcomesOf(await times(4, guess(first)))).toEqual({ refused: 4 })
    }
    await using second = await start()
    expect(outcomesOf(await times(3, ask(second)))).toEqual({ throttled: 3 })
    expect(outcomesOf(await times(3, guess(second)))).toEqual({ throttled: 3 })
    const stranger = await door(0).ask(second.visitor(), newAddress())
    expect(outcomesOf([stranger])).toEqual({ taken: 1 })
  })
})

test.each(ways)('two processes on one file count together, by %s', async (_way, door) => {
  const database = join(folder, 'shared.db')
  await using one = await startDenoApp({ mail, settings: lowLimits, database })
  await using other = await startDenoApp({ mail, settings: lowLimits, database })
  const network = newNetwork()
  const ask = (index: number) =>
    door(index).ask((index % 4 < 2 ? one : other).visitor(network), newAddress())
  expect(outcomesOf(await times(20, ask))).toEqual({ taken: 5, throttled: 15 })
})
