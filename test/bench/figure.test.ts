/** The table that `npm run bench` prints. */
import { expect, test } from 'vitest'
import { formatTable, latencyOf, medianOf, spreadOf } from '../../bench/figure.ts'

test('a figure stands in its column, and what was not aimed at has no verdict', () => {
  const table = formatTable([
    {
      ...{ what: 'GET /login', ours: '2000/s', latency: { p50: 1, p99: 12.34 }, cpu: 0.256 },
      ...{ baseline: '2500/s bare Hono', ratio: 0.8, spread: [0.75, 0.85] },
      ...{ target: 'at least 0.9', met: false },
    },
    { what: 'growth', ours: '8 MB', baseline: '', ratio: null, target: '', met: null },
  ])
  expect(table.split('\n')).toEqual([
    'figure      here    p50  p99   CPU   baseline          ratio  spread     target        met',
    'GET /login  2000/s  1.0  12.3  0.26  2500/s bare Hono  0.80   0.75–0.85  at least 0.9  NO',
    'growth      8 MB',
  ])
})

test('a median is the middle one, and p99 what one in a hundred exceeds', () => {
  const values = Array.from({ length: 200 }, (_, n) => 199 - n)
  expect(medianOf([3, 1, 2])).toBe(2)
  expect(latencyOf(values)).toEqual({ p50: 100, p99: 198 })
  expect(spreadOf([2, 1, 3])).toEqual([1, 3])
})
