/** Delivery waits until nobody asks for anything, but not for ever. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createTraffic } from '../../src/mail/give-way.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** In milliseconds: how long a step waits while a request comes every `every` of them. */
async function waitOf(untilQuiet: () => Promise<void>, onTick: (now: number) => void = () => {}) {
  let over = false
  void untilQuiet().then(() => (over = true))
  let now = 0
  for (; !over && now < 10_000; now++) {
    onTick(now)
    await vi.advanceTimersByTimeAsync(1)
  }
  return now
}

test('nobody asks: no step waits', async () => {
  const untilQuiet = createTraffic().giveWay()
  expect(await waitOf(untilQuiet)).toBeLessThanOrEqual(1)
})

test('somebody has just asked: the first step waits a moment, the others not at all', async () => {
  const traffic = createTraffic()
  traffic.arrived()()
  const untilQuiet = traffic.giveWay()
  expect(await waitOf(untilQuiet)).toBe(10)
  expect(await waitOf(untilQuiet)).toBeLessThanOrEqual(1)
})

test('what has passed of the moment is not waited for again', async () => {
  const traffic = createTraffic()
  traffic.arrived()()
  await vi.advanceTimersByTimeAsync(7)
  expect(await waitOf(traffic.giveWay())).toBe(3)
})

test('a step that comes after a request waits again', async () => {
  const traffic = createTraffic()
  const untilQuiet = traffic.giveWay()
  await waitOf(untilQuiet)
  await vi.advanceTimersByTimeAsync(50)
  traffic.arrived()()
  expect(await waitOf(untilQuiet)).toBe(10)
})

test('page after page is waited for', async () => {
  const traffic = createTraffic()
  traffic.arrived()()
  const waited = await waitOf(traffic.giveWay(), (now) => {
    if (now < 60 && now % 4 === 0) traffic.arrived()()
  })
  expect(waited).toBe(66) // the last came at 56
})

test('whoever never stops asking holds a delivery up for two seconds, once', async () => {
  const traffic = createTraffic()
  traffic.arrived()()
  const untilQuiet = traffic.giveWay()
  expect(await waitOf(untilQuiet, () => traffic.arrived()())).toBe(2000)
  expect(await waitOf(untilQuiet, () => traffic.arrived()())).toBeLessThanOrEqual(1)
})

test('a request that is not answered yet is waited for', async () => {
  const traffic = createTraffic()
  const answered = traffic.arrived()
  const waited = await waitOf(traffic.giveWay(), (now) => {
    if (now === 200) answered()
  })
  expect(waited).toBeGreaterThanOrEqual(200)
  expect(waited).toBeLessThanOrEqual(205)
})

test('a request that was dropped, or waits itself, holds nothing up for long', async () => {
  const traffic = createTraffic()
  traffic.arrived()
  await vi.advanceTimersByTimeAsync(251)
  expect(await waitOf(traffic.giveWay())).toBeLessThanOrEqual(1)
})

test('what a hash holds up is counted, too', async () => {
  const traffic = createTraffic()
  traffic.arrived()()
  const waited = await waitOf(traffic.giveWay(100), (now) => {
    if (now % 10 === 5) vi.setSystemTime(Date.now() + 30) // a hash: time passes, and no timer is asked
    traffic.arrived()()
  })
  expect(waited).toBeLessThanOrEqual(40)
})
