import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Overloaded, TurnQueue } from '../../src/account/turn-queue.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** Enters, and tells in `turns` when it was its turn. */
async function enter(queue: TurnQueue, turns: string[], name: string) {
  const leave = await queue.enter()
  turns.push(name)
  return leave
}

test('one at a time, in the order they came', async () => {
  const queue = new TurnQueue()
  const turns: string[] = []
  const entering = ['a', 'b', 'c'].map((name) => enter(queue, turns, name))
  await vi.advanceTimersByTimeAsync(1)
  expect(turns).toEqual(['a'])
  for (const each of entering) {
    const leave = await each
    leave()
    await vi.advanceTimersByTimeAsync(1)
  }
  expect(turns).toEqual(['a', 'b', 'c'])
})

test('the next is called at once, not at its next look', async () => {
  const queue = new TurnQueue()
  const turns: string[] = []
  const first = enter(queue, turns, 'a')
  void enter(queue, turns, 'b')
  await vi.advanceTimersByTimeAsync(1)
  const leave = await first
  leave()
  await vi.advanceTimersByTimeAsync(0)
  expect(turns).toEqual(['a', 'b'])
})

test('64 wait, one more is turned away and told when to come back, and a place is free again later', async () => {
  const queue = new TurnQueue()
  const entering = Array.from({ length: 65 }, () => queue.enter())
  await expect(queue.enter()).rejects.toThrow(Overloaded)
  await expect(queue.enter()).rejects.toMatchObject({ retryAfter: 2 })
  await vi.advanceTimersByTimeAsync(1)
  const leave = await entering[0]
  leave?.()
  const another = queue.enter()
  await vi.advanceTimersByTimeAsync(1)
  await expect(Promise.race([another, Promise.resolve('waits')])).resolves.toBe('waits')
})

test('a head that vanished is put out after two seconds', async () => {
  const queue = new TurnQueue()
  const turns: string[] = []
  void queue.enter()
  await vi.advanceTimersByTimeAsync(1)
  void enter(queue, turns, 'b')
  await vi.advanceTimersByTimeAsync(1_500)
  expect(turns).toEqual([])
  await vi.advanceTimersByTimeAsync(600)
  expect(turns).toEqual(['b'])
})

test('a head that works slowly and then leaves does not push out whoever came after it', async () => {
  const queue = new TurnQueue()
  const turns: string[] = []
  const slow = enter(queue, turns, 'slow')
  await vi.advanceTimersByTimeAsync(1)
  const leaveSlow = await slow
  void enter(queue, turns, 'b')
  void enter(queue, turns, 'c')
  await vi.advanceTimersByTimeAsync(2_100)
  leaveSlow()
  leaveSlow()
  await vi.advanceTimersByTimeAsync(10)
  expect(turns).toEqual(['slow', 'b'])
})

test('everybody who waits is kept alive until their turn is over', async () => {
  const kept: Promise<void>[] = []
  const queue = new TurnQueue({ keepAlive: (promise) => kept.push(promise) })
  const leave = await Promise.all([queue.enter(), vi.advanceTimersByTimeAsync(1)])
  expect(kept).toHaveLength(1)
  const over = vi.fn<() => void>()
  void kept[0]?.then(over)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(over).not.toHaveBeenCalled()
  leave[0]()
  await vi.advanceTimersByTimeAsync(0)
  expect(over).toHaveBeenCalledOnce()
})

describe('with three turns at once', () => {
  test('three have one, and the next when any of them leaves', async () => {
    const queue = new TurnQueue({ atOnce: 3 })
    const turns: string[] = []
    const entering = ['a', 'b', 'c', 'd', 'e'].map((name) => enter(queue, turns, name))
    await vi.advanceTimersByTimeAsync(1)
    expect(turns).toEqual(['a', 'b', 'c'])
    const leaveSecond = await entering[1]
    leaveSecond?.()
    leaveSecond?.()
    await vi.advanceTimersByTimeAsync(1)
    expect(turns).toEqual(['a', 'b', 'c', 'd'])
  })

  test('64 wait beside them, and whoever may not be refused waits too', async () => {
    const queue = new TurnQueue({ atOnce: 3 })
    for (let n = 0; n < 67; n++) void queue.enter()
    await expect(queue.enter()).rejects.toThrow(Overloaded)
    const turns: string[] = []
    void queue.enter({ mostWaiting: Infinity }).then(() => turns.push('came'))
    await vi.advanceTimersByTimeAsync(1)
    expect(turns).toEqual([])
  })

  test('one that vanished is put out, though others come and go', async () => {
    const queue = new TurnQueue({ atOnce: 2, longestTurn: 5000 })
    void queue.enter()
    const turns: string[] = []
    for (let n = 0; n < 40; n++) {
      void enter(queue, turns, String(n)).then((leave) => setTimeout(leave, 200))
    }
    await vi.advanceTimersByTimeAsync(4900)
    const alone = turns.length
    await vi.advanceTimersByTimeAsync(1000)
    expect(turns.length - alone).toBeGreaterThan(6)
  })

  test('those who take their time, within what a turn may last, are not put out', async () => {
    const queue = new TurnQueue({ atOnce: 2, longestTurn: 15_000 })
    const turns: string[] = []
    for (const name of ['a', 'b', 'c']) void enter(queue, turns, name)
    await vi.advanceTimersByTimeAsync(14_000)
    expect(turns).toEqual(['a', 'b'])
  })

  test('those that vanished are put out after two seconds', async () => {
    const queue = new TurnQueue({ atOnce: 3 })
    const turns: string[] = []
    for (let n = 0; n < 3; n++) void queue.enter()
    await vi.advanceTimersByTimeAsync(1)
    for (const name of ['d', 'e']) void enter(queue, turns, name)
    await vi.advanceTimersByTimeAsync(2_100)
    expect(turns).toEqual(['d', 'e'])
  })
})

describe('requests that come at the same time', () => {
  beforeEach(() => vi.useRealTimers())

  /** So many macrotasks of six milliseconds, one after the other; tells how many are left. */
  function startRush(tasks: number) {
    const rush = { left: tasks }
    const work = () => {
      const end = performance.now() + 6
      while (performance.now() < end);
      rush.left -= 1
      if (rush.left > 0) setTimeout(work, 0)
    }
    setTimeout(work, 0)
    return rush
  }

  const others = { came: () => 0, isOn: () => true }

  test('are served before the first turn after a rest', async () => {
    const queue = new TurnQueue({ rush: { ...others, longest: 10_000 } })
    const rush = startRush(15)
    await queue.enter()
    expect(rush.left).toBe(0)
  })

  test('are served while one after the other still comes', async () => {
    let [came, left] = [0, 15]
    const coming = setInterval(() => {
      came += 1
      left -= 1
      if (left === 0) clearInterval(coming)
    }, 1)
    const queue = new TurnQueue({ rush: { ...others, came: () => came, longest: 10_000 } })
    await queue.enter()
    expect(left).toBe(0)
  })

  test('are not waited for by who is alone', async () => {
    let rounds = 0
    const counting = setInterval(() => (rounds += 1), 1)
    const queue = new TurnQueue({ rush: { ...others, isOn: () => false, longest: 10_000 } })
    await queue.enter()
    clearInterval(counting)
    expect(rounds).toBeLessThan(3)
  })

  test('are not waited for any longer than they may be', async () => {
    const queue = new TurnQueue({ rush: { ...others, longest: 20 } })
    const rush = startRush(100)
    await queue.enter()
    expect(rush.left).toBeGreaterThan(0)
    rush.left = 1
  })

  test('are not waited for by who has waited for a turn', async () => {
    const queue = new TurnQueue({ rush: { ...others, longest: 10_000 } })
    const leave = await queue.enter()
    const next = queue.enter()
    const rush = startRush(100)
    leave()
    await next
    expect(rush.left).toBeGreaterThan(0)
    rush.left = 1
  })
})
