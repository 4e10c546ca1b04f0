import { createHash } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { createPasswordSources } from '../../src/account/password-sources.ts'

const breached = 'a password that was stolen'
const digest = createHash('sha1').update(breached).digest('hex').toUpperCase()

/** A range API of our own, on loopback. */
async function startRangeApi(answer: RequestListener) {
  const seen: { path: string; headers: NodeJS.Dict<string | string[]> }[] = []
  const server = createServer((request, response) => {
    seen.push({ path: request.url ?? '', headers: request.headers })
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    seen,
    sources: createPasswordSources({ pwnedPasswords: new URL(`http://127.0.0.1:${port}/range/`) }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const list = (lines: string[]): RequestListener => {
  return (_request, response) => response.end(lines.join('\r\n'))
}

test('a breached password is known by its range', async () => {
  await using api = await startRangeApi(list([`${'0'.repeat(35)}:7`, `${digest.slice(5)}:3`]))
  expect(await api.sources.isBreached(breached)).toBe(true)
  expect(await api.sources.isBreached('one that nobody ever stole')).toBe(false)
})

test('five hex characters leave the house, and nothing of the password', async () => {
  await using api = await startRangeApi(list([]))
  await api.sources.isBreached(breached)
  expect(api.seen.map(({ path }) => path)).toEqual([`/range/${digest.slice(0, 5)}`])
  expect(api.seen[0]?.headers).toMatchObject({ 'add-padding': 'true' })
  expect(JSON.stringify(api.seen)).not.toMatch(new RegExp(`${breached}|${digest.slice(5)}`, 'i'))
})

test('a line of padding, with a count of 0, is no breach', async () => {
  await using api = await startRangeApi(list([`${digest.slice(5)}:0`]))
  expect(await api.sources.isBreached(breached)).toBe(false)
})

test.each<[string, RequestListener]>([
  ['answers 503', (_request, response) => response.writeHead(503).end(`${digest.slice(5)}:3`)],
  ['redirects', (_request, response) => response.writeHead(302, { Location: '/elsewhere' }).end()],
  ['hangs up', (request) => request.socket.destroy()],
  ['answers nonsense', list(['<html>', ':', '', 'x:y:z'])],
])('a password is taken when the range API %s', async (_what, answer) => {
  await using api = await startRangeApi(answer)
  expect(await api.sources.isBreached(breached)).toBe(false)
})

test('a range API that says nothing is waited for no longer than a second', async () => {
  await using api = await startRangeApi(() => {})
  const started = performance.now()
  expect(await api.sources.isBreached(breached)).toBe(false)
  expect(performance.now() - started).toBeLessThan(2000)
})

test('a range API that begins and never ends is given up, too', async () => {
  await using api = await startRangeApi((_request, response) => response.write('0'))
  expect(await api.sources.isBreached(breached)).toBe(false)
})

test('when it is off, nothing is breached', async () => {
  expect(await createPasswordSources({ pwnedPasswords: null }).isBreached(breached)).toBe(false)
})
