import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { createPasswordSources } from '../../src/account/password-sources.ts'
import { list, listed, type RangeApi, sha1Of, startRangeApi } from '../range-api.ts'

const breached = 'a password that was stolen'
const suffix = sha1Of(breached).slice(5)

const sourcesOf = ({ url }: RangeApi) => createPasswordSources({ pwnedPasswords: url })

test('a breached password is known by its range', async () => {
  await using api = await startRangeApi(listed(breached))
  expect(await sourcesOf(api).isBreached(breached)).toBe(true)
  expect(await sourcesOf(api).isBreached('one that nobody ever stole')).toBe(false)
})

test('five hex characters leave the house, and nothing of the password', async () => {
  await using api = await startRangeApi(list([]))
  await sourcesOf(api).isBreached(breached)
  expect(api.seen.map(({ path }) => path)).toEqual([`/range/${sha1Of(breached).slice(0, 5)}`])
  expect(api.seen[0]?.headers).toMatchObject({ 'add-padding': 'true' })
  expect(JSON.stringify(api.seen)).not.toMatch(new RegExp(`${breached}|${suffix}`, 'i'))
})

test('a line of padding, with a count of 0, is no breach', async () => {
  await using api = await startRangeApi(list([`${suffix}:0`]))
  expect(await sourcesOf(api).isBreached(breached)).toBe(false)
})

test.each<[string, RequestListener]>([
  ['answers 503', (_request, response) => response.writeHead(503).end(`${suffix}:3`)],
  ['redirects', (_request, response) => response.writeHead(302, { Location: '/elsewhere' }).end()],
  ['hangs up', (request) => request.socket.destroy()],
  ['answers nonsense', list(['<html>', ':', '', 'x:y:z'])],
])('a password is taken when the range API %s', async (_what, answer) => {
  await using api = await startRangeApi(answer)
  expect(await sourcesOf(api).isBreached(breached)).toBe(false)
})

test('a range API that says nothing is waited for no longer than a second', async () => {
  await using api = await startRangeApi(() => {})
  const started = performance.now()
  expect(await sourcesOf(api).isBreached(breached)).toBe(false)
  expect(performance.now() - started).toBeLessThan(2000)
})

test('a range API that begins and never ends is given up, too', async () => {
  await using api = await startRangeApi((_request, response) => response.write('0'))
  expect(await sourcesOf(api).isBreached(breached)).toBe(false)
})

test('when it is off, nothing is breached', async () => {
  expect(await createPasswordSources({ pwnedPasswords: null }).isBreached(breached)).toBe(false)
})
