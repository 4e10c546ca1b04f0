/**
 * What `npm run build` leaves, as it stands on a server: the one file alone in an
 * empty folder, run by Deno with the permissions that docs/deploy.md names.
 *
 * SIGTERM and SIGINT lead to the same end: each test tells it by one of them, and with
 * FULL=1 by the other one, too.
 */
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { D1Database } from '@cloudflare/workers-types'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runWith } from '../../commands/deno/permissions.ts'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { openSqlite } from '../../src/platform/sqlite-d1.ts'
import { publicUrl } from '../app.ts'
import { seedOutbox } from '../database.ts'
import { askForReset, choosePassword, signUp, untilStruck } from '../journeys/steps.ts'
import { Visitor } from '../visitor.ts'
import { full } from '../full.ts'

let folder: string
let mail: MailServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparekey-server-'))
  const build = ['build/deno.ts', join(folder, 'sparekey.mjs')]
  await promisify(execFile)(process.execPath, build)
  mail = await startMailServer()
})

afterAll(async () => {
  await mail.stop()
  await rm(folder, { recursive: true })
})

beforeEach(async () => {
  for (const name of await databaseFiles()) await rm(join(folder, name))
})

const databaseFiles = async () => (await readdir(folder)).filter((name) => name !== 'sparekey.mjs')

async function startServer() {
  const deno = spawn(
    resolve('node_modules/deno/deno'),
    [...runWith({ net: ['127.0.0.1'], folder }), 'sparekey.mjs'],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        PUBLIC_URL: publicUrl,
        SECRET_KEY: 'a test key that is at least 32 bytes long',
        PWNED_PASSWORDS: 'off',
        MAIL_SERVER: mail.smtp.host,
        MAIL_PORT: String(mail.smtp.port),
        MAIL_DEFAULT_SENDER: 'post@example.test',
        ...{ DATABASE: join(folder, 'sparekey.db'), PORT: '0', NO_COLOR: '1' },
      },
    },
  )
  const exit = once(deno, 'exit')
  const url = new URL((await readyLine(deno)).replace(/^app /, ''))
  const db = openSqlite(join(folder, 'sparekey.db'))
  return {
    ...{ url, db },
    visitor: () => new Visitor(url),
    /** Resolves to what it ended with: a status, or the signal that killed it. */
    async end(signal: NodeJS.Signals) {
      deno.kill(signal)
      return exit
    },
    async [Symbol.asyncDispose]() {
      db[Symbol.dispose]()
      deno.kill('SIGKILL')
      await exit
    },
  }
}

async function readyLine({ stdout }: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  for await (const line of createInterface({ input: stdout })) return line
  throw new Error('It ended before it was ready')
}

test('it is all there is, and somebody gets back in by it', async () => {
  expect(await databaseFiles()).toEqual([])
  await using server = await startServer()
  const health = await server.visitor().get('/healthz')
  expect(health).toMatchObject({ status: 200, body: expect.stringContaining('"ok":true') })
  const inbox = mail.inbox()
  await signUp(server, inbox)
  const link = await askForReset(server.visitor(), inbox)
  expect(await choosePassword(server.visitor(), link)).toMatchObject({ status: 303 })
  expect(await server.end('SIGTERM')).toEqual([0, null])
})

describe.each([
  ['SIGTERM', 'SIGINT'],
  ['SIGINT', 'SIGTERM'],
] as const)('told to end by %s', (signal, other) => {
  const testBy = (usual: NodeJS.Signals) => test.runIf(full || signal === usual)

  testBy('SIGTERM')('it answers whoever waits for a hash, and nobody who comes later', async () => {
    await using server = await startServer()
    let answered = 0
    const logIns = Array.from({ length: 6 }, async (_, n) => {
      const form = { email: `nobody${n}@example.test`, password: 'whatever it may be' }
      const { status } = await server.visitor().post('/login', form)
      answered += 1
      return status
    })
    await untilCounted(server, logIns.length)
    expect(answered).toBeLessThan(logIns.length)
    const ended = server.end(signal)
    expect(await Promise.all(logIns)).toEqual(logIns.map(() => 401))
    expect(await ended).toEqual([0, null])
    await expect(server.visitor().get('/login')).rejects.toThrow()
  })

  testBy('SIGINT')('it ends a delivery that is under way, and mails nothing twice', async () => {
    const inbox = mail.inbox()
    await using server = await startServer()
    const fault = inbox.fail({ at: 'after-data', delay: 1000 })
    await server.visitor().post('/register', { email: inbox.address })
    await untilStruck(fault, mail)
    expect(await server.end(signal)).toEqual([0, null])
    const state = await server.db.prepare(`SELECT state FROM outbox`).first('state')
    expect(state).toBe('done')
    await inbox.next()
    await using again = await startServer()
    expect((await again.visitor().get('/healthz')).status).toBe(200)
    await inbox.none()
  })

  testBy('SIGTERM')('it takes no more mail in hand, however much is due', async () => {
    const addresses = Array.from({ length: 45 }, (_, n) => `due-${n}@due.example.test`)
    await using server = await startServer()
    await seedOutbox(server, addresses)
    using fault = mail.fail({ at: 'after-data', delay: 50 })
    await server.visitor().post('/register', { email: 'the.last@due.example.test' })
    await untilStruck(fault, mail)
    expect(await server.end(signal)).toEqual([0, null])
    const { results } = await server.db
      .prepare(`SELECT state, attempts, count(*) AS rows FROM outbox GROUP BY state, attempts`)
      .all()
    expect(results).toEqual([
      { state: 'done', attempts: 1, rows: 20 },
      { state: 'waiting', attempts: 0, rows: 26 },
    ])
  })

  testBy('SIGINT')(
    'it hears a Ctrl-C once that comes twice, from the terminal and from npm',
    async () => {
      const inbox = mail.inbox()
      await using server = await startServer()
      const fault = inbox.fail({ at: 'after-data', delay: 500 })
      await server.visitor().post('/register', { email: inbox.address })
      await untilStruck(fault, mail)
      void server.end(other)
      expect(await server.end(signal)).toEqual([0, null])
      expect(await server.db.prepare(`SELECT state FROM outbox`).first('state')).toBe('done')
    },
  )

  testBy('SIGTERM')('it keeps what it has not begun to deliver for the next start', async () => {
    const inbox = mail.inbox()
    await using server = await startServer()
    const answer = await server.visitor().post('/register', { email: inbox.address })
    expect(answer.status).toBe(303)
    expect(await server.end(signal)).toEqual([0, null])
    await using again = await startServer()
    const link = (await inbox.next()).link('/register/')
    expect((await again.visitor().get(link)).status).toBe(200)
    await inbox.none()
  })
})

test.runIf(full)('who never sends the whole of a request does not keep it', async () => {
  await using server = await startServer()
  await sendHalf(server)
  expect(await server.end('SIGTERM')).toEqual([0, null])
})

test('told again after a second, it ends at once', async () => {
  await using server = await startServer()
  await sendHalf(server)
  let exit: unknown
  const tell = async () => {
    void server.end('SIGTERM').then((ended) => (exit = ended))
    await setImmediate()
    return exit
  }
  await expect.poll(tell, { interval: 100, timeout: 5000 }).toEqual([1, null])
})

/** The beginning of a request, whose rest never comes. */
async function sendHalf({ url, visitor }: Awaited<ReturnType<typeof startServer>>) {
  const half = connect(Number(url.port), '127.0.0.1')
  half.write('POST /login HTTP/1.1\r\nHost: id.example.test\r\nContent-Length: 100\r\n\r\nemail=')
  half.on('error', () => {}) // It is reset in the end.
  await visitor().get('/login')
}

/** Until so many log-ins have been taken: each is counted before it waits for its hash. */
async function untilCounted({ db, url }: { db: D1Database; url: URL }, logIns: number) {
  const row = db.prepare(`SELECT hits FROM limit_window WHERE key LIKE 'login %'`)
  const deadline = performance.now() + 5000
  let hits: number | null = 0
  while ((hits ?? 0) < logIns && performance.now() < deadline) {
    await fetch(new URL('/healthz', url))
    hits = await row.first<number>('hits')
  }
  expect(hits).toBe(logIns)
}
