import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { within } from '../src/within.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('what never comes to an end is waited for so long, and no longer', async () => {
  const over = vi.fn()
  void within(1000, new Promise(() => {})).then(over)
  await vi.advanceTimersByTimeAsync(999)
  expect(over).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(over).toHaveBeenCalled()
})

test('what is over sooner leaves no timer behind that keeps the process', async () => {
  await within(1000, Promise.resolve())
  expect(vi.getTimerCount()).toBe(0)
})
