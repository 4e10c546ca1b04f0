/** Those who are on their way to a hash. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Crowd } from '../../src/account/crowd.ts'
import { Overloaded } from '../../src/account/turn-queue.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Until one is turned away. */
function fill(crowd: Crowd): Disposable[] {
  const places: Disposable[] = []
  for (;;) {
    try {
      places.push(crowd.join())
    } catch (error) {
      expect(error).toBeInstanceOf(Overloaded)
      return places
    }
  }
}

test('as many as may wait come in, and one more for each that leaves', () => {
  const crowd = new Crowd()
  const places = fill(crowd)
  expect(places.length).toBeGreaterThanOrEqual(33)
  places[7]?.[Symbol.dispose]()
  places[7]?.[Symbol.dispose]()
  expect(fill(crowd)).toHaveLength(1)
})

test('a request is kept alive until it leaves', async () => {
  const kept: Promise<void>[] = []
  const crowd = new Crowd((promise) => kept.push(promise))
  const place = crowd.join()
  let isOver = false
  void kept[0]?.then(() => (isOver = true))
  await vi.advanceTimersByTimeAsync(0)
  expect(isOver).toBe(false)
  place[Symbol.dispose]()
  await vi.advanceTimersByTimeAsync(0)
  expect(isOver).toBe(true)
})

test('whoever was dropped holds no place for long', async () => {
  const crowd = new Crowd()
  const places = fill(crowd)
  await vi.advanceTimersByTimeAsync(15_001)
  expect(fill(crowd)).toHaveLength(places.length)
})
