/**
 * The operator's commands beside a service that is busy on the same database:
 * requests come, mail goes out, and an import writes one batch after the other.
 */
import { expect, test } from 'vitest'
import { startMailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { Clone, type Ended } from './clone.ts'
import { writePeople } from './many-people.ts'

const commands: [name: string, ...args: string[]][] = [
  ['account', 'list', '--json'],
  ['account', 'send-reset', 'person-1@example.com'],
  ['outbox', 'list'],
  ['account', 'end-sessions', 'person-2@example.com'],
  ['account', 'disable', 'person-3@example.com'],
  ['outbox', 'retry'],
  ['audit', '--json'],
  ['account', 'delete', 'person-4@example.com'],
]
const imported = 5_000

test('no command fails, no request is refused, no mail is lost', { timeout: 120_000 }, async () => {
  await using clone = await Clone.make()
  writePeople['JSON lines'](clone.file('few.jsonl'), 10)
  writePeople['JSON lines'](clone.file('many.jsonl'), imported)
  expect(await clone.run('import', 'few.jsonl')).toMatchObject({ status: 0 })
  await using mail = await startMailServer()
  await using app = await startApp({ mail, ...clone.storage })

  const work = runCommands(clone)
  const visits = visitUntil(app, work)
  for (const run of await work) expect(run).toMatchObject({ status: 0 })
  const { addresses, statuses } = await visits
  expect(addresses.length).toBeGreaterThan(10)
  expect(statuses).toEqual(addresses.flatMap(() => [303, 303]))
  const recipients = async () => (await mail.messages()).flatMap(({ envelope }) => envelope.to)
  const everybody = expect.arrayContaining([...addresses, 'person-1@example.com'])
  await expect.poll(recipients, { timeout: 60_000 }).toEqual(everybody)
})

/** One command after the other, beside an import; how they ended. */
async function runCommands(clone: Clone): Promise<Ended[]> {
  const importing = clone.run('import', 'many.jsonl')
  const ended: Ended[] = []
  for (const [name, ...args] of commands) ended.push(await clone.run(name, ...args))
  return [...ended, await importing]
}

/** Visitors who register and ask for a reset, one after the other: who they were, and what they were answered. */
async function visitUntil(app: App, end: Promise<unknown>) {
  const addresses: string[] = []
  const statuses: number[] = []
  let over = false
  const stop = () => (over = true)
  end.then(stop, stop)
  while (!over && addresses.length < 2_000) {
    const email = `visitor-${addresses.length}@example.test`
    const registered = await app.visitor().post('/register', { email })
    const asked = await app.visitor().post('/reset_password', { email: 'person-5@example.com' })
    addresses.push(email)
    statuses.push(registered.status, asked.status)
  }
  return { addresses, statuses }
}
