/** What ends within a moment is written together, and nothing is left unwritten. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EndedRow, OutboxEnd } from '../../src/mail/outbox.ts'
import { gatherEnds } from '../../src/mail/outbox-ends.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const sent: OutboxEnd = { state: 'done', result: 'sent', lastReply: null }

function rowOf(id: string): EndedRow['row'] {
  return { id, attempts: 1 }
}

function open(write: (ids: string[]) => Promise<void> = () => Promise.resolve()) {
  const writes: string[][] = []
  const outbox = {
    async end(rows: readonly EndedRow[]) {
      const ids = rows.map(({ row }) => row.id)
      writes.push(ids)
      await write(ids)
    },
  }
  return { writes, ends: gatherEnds({ outbox, clock: () => 0 }) }
}

test('ends of one moment are one write, which nobody has to ask for', async () => {
  const { writes, ends } = open()
  ends.add(rowOf('a'), sent)
  await vi.advanceTimersByTimeAsync(80)
  ends.add(rowOf('b'), sent)
  await vi.advanceTimersByTimeAsync(80)
  ends.add(rowOf('c'), sent)
  await vi.advanceTimersByTimeAsync(80)
  expect(writes).toEqual([['a', 'b']])
})

test('whoever asks for it finds everything written, in order', async () => {
  const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 400))
  const { writes, ends } = open(slow)
  ends.add(rowOf('a'), sent)
  await vi.advanceTimersByTimeAsync(120)
  ends.add(rowOf('b'), sent)
  let isWritten = false
  void ends.written().then(() => (isWritten = true))
  await vi.advanceTimersByTimeAsync(600)
  expect({ writes, isWritten }).toEqual({ writes: [['a'], ['b']], isWritten: false })
  await vi.advanceTimersByTimeAsync(200)
  expect(isWritten).toBe(true)
})

test('nothing to write is no write', async () => {
  const { writes, ends } = open()
  await ends.written()
  expect(writes).toEqual([])
})

test('a write that fails is told at the end', async () => {
  const { ends } = open(() => Promise.reject(new Error('away')))
  ends.add(rowOf('a'), sent)
  await vi.advanceTimersByTimeAsync(100)
  await expect(ends.written()).rejects.toThrow('away')
})

test('what ends after a write that failed is written, and the failure is told', async () => {
  const { writes, ends } = open(([id]) =>
    id === 'a' ? Promise.reject(new Error('away')) : Promise.resolve(),
  )
  ends.add(rowOf('a'), sent)
  await vi.advanceTimersByTimeAsync(120)
  ends.add(rowOf('b'), sent)
  await expect(ends.written()).rejects.toThrow('away')
  expect(writes).toEqual([['a'], ['b']])
})
