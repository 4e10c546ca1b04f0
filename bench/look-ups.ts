/** Looking up an account and a session in large tables, beside the same in small ones. */
import { DatabaseSync } from 'node:sqlite'
import { type Figure, medianOf } from './figure.ts'
import { type Crowd, type Crowds } from './look-ups/crowd.ts'
import { planOf, type Subject } from './look-ups/statements.ts'

/** Look-ups of a round. */
const MANY = { raw: 2000, d1: 200 } as const
const TARGET = { raw: 2.5, d1: 1.2 } as const
const WAYS = { raw: 'raw SQLite', d1: 'through D1' } as const

const subjects = ['account', 'session'] as const

/** Each of `crowds` beside the first, the smallest. */
export async function benchLookUps(
  { crowds, statements }: Crowds,
  rounds: number,
): Promise<Figure[]> {
  const [small, ...large] = crowds
  if (small === undefined) throw new RangeError('Cannot measure: there is no crowd')
  const figures = subjects.map((subject) => describePlan(small, subject, statements[subject]))
  for (const crowd of large) {
    for (const subject of subjects) {
      figures.push(await compare({ small, crowd, subject, way: 'raw' }, rounds))
      figures.push(await compare({ small, crowd, subject, way: 'd1' }, rounds))
    }
  }
  return figures
}

function describePlan({ file }: Crowd, subject: Subject, sql: string): Figure {
  using db = new DatabaseSync(file, { readOnly: true })
  const plan = planOf(db, sql)
  const target = 'one index seek a table'
  const met = plan.every((step) => /^SEARCH \w+ USING (?:PRIMARY KEY|INDEX) /.test(step))
  const ours = met ? `${plan.length} of ${plan.length} steps` : plan.join('; ')
  return { what: `${subject}, seeks`, ours, baseline: '', ratio: null, target, met }
}

interface Comparison {
  small: Crowd
  crowd: Crowd
  subject: Subject
  way: keyof typeof WAYS
}

async function compare(
  { small, crowd, subject, way }: Comparison,
  rounds: number,
): Promise<Figure> {
  const time = (each: Crowd) =>
    way === 'raw' ? each.timeRaw(subject, MANY.raw) : each.timeD1(subject, MANY.d1)
  const taken = { ours: [] as number[], theirs: [] as number[] }
  // A raw one is over in milliseconds, which whatever else runs can double.
  const enough = way === 'raw' ? 3 * rounds : rounds
  for (let round = -1; round < enough; round++) {
    const [ours, theirs] = [await time(crowd), await time(small)]
    if (round < 0) continue // to warm up
    taken.ours.push(ours)
    taken.theirs.push(theirs)
  }
  const ratio = medianOf(taken.ours.map((ours, round) => ours / (taken.theirs[round] ?? NaN)))
  return {
    what: `${subject} among ${crowd.count.toLocaleString('en')}, ${WAYS[way]}`,
    ours: `${medianOf(taken.ours).toFixed(1)} µs`,
    baseline: `${medianOf(taken.theirs).toFixed(1)} µs among ${small.count.toLocaleString('en')}`,
    ...{ ratio, target: `at most ${TARGET[way]}`, met: ratio <= TARGET[way] },
  }
}
