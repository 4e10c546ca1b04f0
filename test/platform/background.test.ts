/** Work beside the answers: what begins, what does not any more, and what is waited for. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Background } from '../../src/platform/background.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Work that takes so many milliseconds. */
function work(milliseconds: number) {
  return vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)))
}

test('what is done from time to time is left out while it is under way', async () => {
  const sweep = work(2500)
  new Background().every(sweep, 1000)
  expect(sweep).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(2400)
  expect(sweep).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(1000)
  expect(sweep).toHaveBeenCalledTimes(2)
})

test('told to end, it begins nothing more, and waits for what is under way', async () => {
  const background = new Background()
  const [sweep, waiting, late] = [work(500), work(500), work(500)]
  background.every(sweep, 1000)
  background.later(waiting, 100)
  background.end()
  background.later(late, 0)
  const finished = vi.fn()
  void background.finished().then(finished)
  await vi.advanceTimersByTimeAsync(499)
  expect(finished).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(finished).toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(5000)
  expect(sweep).toHaveBeenCalledTimes(1)
  expect(waiting).not.toHaveBeenCalled()
  expect(late).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})
