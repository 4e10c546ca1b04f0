import { describe, expect, test } from 'vitest'
import { expectAlike, expectToldApart, type Times } from './timing.ts'

/** Around ten milliseconds, spread by four to either side. */
const usual = Array.from({ length: 200 }, (_, i) => 10 + 4 * Math.sin(i * 1.7))

const moved = (by: number): Times => ({ unknown: usual, known: usual.map((time) => time + by) })

/** Apart in the middle alone, which a median sees and ranks do not. */
const bent: Times = {
  unknown: usual,
  known: usual.map((time) => (Math.abs(time - 10) < 2.5 ? 10.8 : time < 10 ? time - 0.5 : time)),
}

function runsOf(...runs: Times[]) {
  const left = [...runs]
  return () => Promise.resolve(left.shift() ?? { unknown: [] })
}

describe('kinds are alike', () => {
  test('when two runs of three say so, whatever the other says', async () => {
    await expectAlike(runsOf(moved(0), moved(2), moved(0)))
  })

  test('and not when two of three tell them apart', async () => {
    await expect(expectAlike(runsOf(moved(2), moved(0), moved(2)))).rejects.toThrow('p = ')
  })

  test('when the medians of most runs agree, though those of one do not', async () => {
    await expectAlike(runsOf(bent, moved(0), moved(0)))
  })

  test('and not when the medians of most runs are further apart than they may be', async () => {
    await expect(expectAlike(runsOf(bent, bent, bent))).rejects.toThrow('p = ')
    await expectAlike(runsOf(bent, bent, bent), { medians: false })
  })
})

test('kinds are told apart when two runs of three tell them apart', async () => {
  await expectToldApart(runsOf(moved(2), moved(0), moved(2)))
  await expect(expectToldApart(runsOf(moved(2), moved(0), moved(0)))).rejects.toThrow('p = ')
})
