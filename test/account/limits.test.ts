import { expect, test } from 'vitest'
import { maskAddress } from '../../src/account/audit.ts'
import { parseClient } from '../../src/account/client.ts'
import { limitOf } from '../../src/account/limits.ts'

const quota = { count: 3, seconds: 60 }
const figures = { ask: quota, link: quota, login: quota, password: quota, mail: 3, mailTotal: null }
const client = parseClient('2001:db8::1', '')

test('each limit counts for itself, and for each client', () => {
  const neighbour = parseClient('2001:db8:0:1::1', '')
  const limits = [client, neighbour].flatMap((who) => [
    limitOf.ask(figures, who),
    limitOf.link(figures, who),
    limitOf.login(figures, who),
    limitOf.password(figures, who, 'ana@example.com'),
    limitOf.password(figures, who, 'bob@example.com'),
  ])
  expect(new Set(limits.map(({ key }) => key)).size).toBe(limits.length)
  expect(limits.every(({ count, seconds }) => count === 3 && seconds === 60)).toBe(true)
})

test('moving about within one /64 is still one client', () => {
  const moved = parseClient('2001:db8::ffff:1', '')
  expect(limitOf.login(figures, moved)).toEqual(limitOf.login(figures, client))
})

test.each([
  ['ana@example.com', 'a***@example.com'],
  ['a@example.com', 'a***@example.com'],
  ['🦊fox@example.com', '🦊***@example.com'],
  ['no address at all', 'n***@'],
  ['', '***@'],
])('%j is masked as %s', (address, masked) => {
  expect(maskAddress(address)).toBe(masked)
})
