/**
 * workerd is killed in the middle of delivering, its database on disk: after
 * the restart nothing is missing.
 */
import { readdir, readFile } from 'node:fs/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { startApp } from '../app.ts'
import { seedOutbox } from '../database.ts'

const addresses = Array.from({ length: 100 }, (_, index) => `kept-${index}@example.test`)

test('a Worker killed in the middle of delivering loses no mail', { timeout: 60_000 }, async () => {
  await using folder = await temporaryFolder()
  await using mail = await startMailServer()
  const before = await workerdsOf(process.pid)
  const app = await startApp({ mail, storage: folder.path })
  const [workerd = 0] = (await workerdsOf(process.pid)).filter((pid) => !before.includes(pid))
  for (const email of addresses.slice(0, 25)) await app.visitor().post('/register', { email })
  await seedOutbox(app, addresses.slice(25))

  const slowly = mail.fail({ at: 'after-data', delay: 100 })
  const sweeping = app.sweep().catch(() => 'killed')
  await untilArrived(mail, 30)
  process.kill(workerd, 'SIGKILL')
  await sweeping
  slowly.remove()
  await app[Symbol.asyncDispose]().catch(() => 'gone already')
  const atKill = (await mail.messages()).length
  expect(atKill).toBeLessThan(addresses.length)

  await using again = await startApp({ mail, storage: folder.path })
  await again.advance(61)
  await again.sweep()
  const recipients = (await mail.messages()).flatMap(({ envelope }) => envelope.to)
  expect(new Set(recipients)).toEqual(new Set(addresses))
  // Only what was between the server's 250 and our record can come twice: the mails of 25 ms, and those of the write that follows.
  expect(recipients.length - addresses.length).toBeLessThanOrEqual(5)
})

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'sparekey-killed-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Process ids of the workerds that a process started. */
async function workerdsOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
        const [, name, , ppid] = /\((.*)\) (\S) (\d+)/.exec(stat) ?? []
        return name === 'workerd' && Number(ppid) === parent ? [Number(pid)] : []
      } catch {
        // It ended while we looked.
        return []
      }
    }),
  )
  return found.flat()
}

function untilArrived({ mailbox }: MailServer, count: number): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      if (mailbox.size < count) return
      unsubscribe()
      resolve()
    }
    const unsubscribe = mailbox.subscribe(settle)
    settle()
  })
}
