import { expect, test } from 'vitest'
import { mannWhitneyP, median } from './statistics.ts'

const row = Array.from({ length: 100 }, (_, i) => Math.sin(i) * 10)

test('the same row twice could come from the same place', () => {
  expect(mannWhitneyP(row, row)).toBeCloseTo(1, 5)
})

test('a row that is shifted by half its spread could not', () => {
  expect(
    mannWhitneyP(
      row,
      row.map((value) => value + 4),
    ),
  ).toBeLessThan(0.001)
})

test('p is what R gives: wilcox.test(1:20, 8:27, exact = FALSE)', () => {
  const numbers = (from: number) => Array.from({ length: 20 }, (_, i) => from + i)
  expect(mannWhitneyP(numbers(1), numbers(8))).toBeCloseTo(0.00193, 3)
})

test('the median of an even row lies between its middle two', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5])
})
