/** One wish for delivery at a time. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createTraffic } from '../../src/mail/give-way.ts'
import { createWake } from '../../src/mail/wake.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open() {
  const traffic = createTraffic()
  const wakes: number[] = []
  const started = Date.now()
  const wake = createWake(traffic, () => void wakes.push(Date.now() - started))
  const ask = () => {
    traffic.arrived()()
    void wake()
  }
  return { wakes, ask, wake, traffic }
}

test('a single ask wakes delivery when the moment after it is over', async () => {
  const { wakes, ask } = open()
  ask()
  await vi.advanceTimersByTimeAsync(1000)
  expect(wakes).toEqual([10])
})

test('what is asked for while a wish waits needs none of its own', async () => {
  const { wakes, ask } = open()
  for (let n = 0; n < 5; n++) {
    ask()
    await vi.advanceTimersByTimeAsync(4)
  }
  await vi.advanceTimersByTimeAsync(1000)
  expect(wakes).toEqual([26])
})

test('what is asked for after a wish went out has its own', async () => {
  const { wakes, ask } = open()
  ask()
  await vi.advanceTimersByTimeAsync(10)
  ask()
  await vi.advanceTimersByTimeAsync(1000)
  expect(wakes).toEqual([10, 20])
})

test('under load, delivery is woken four times a second', async () => {
  const { wakes, ask } = open()
  for (let n = 0; n < 1000; n++) {
    ask()
    await vi.advanceTimersByTimeAsync(1)
  }
  expect(wakes.length).toBeGreaterThanOrEqual(3)
  expect(wakes.length).toBeLessThanOrEqual(5)
})

test('a wish whose request was dropped holds none up for long', async () => {
  const { wakes, wake, traffic } = open()
  traffic.arrived()()
  void wake()
  vi.clearAllTimers()
  await vi.advanceTimersByTimeAsync(1999)
  await wake()
  expect(wakes).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  await wake()
  expect(wakes).toEqual([2000])
})
