/** What tests of limits need: low figures, many networks, many requests at once. */
import type { RunningApp } from '../app.ts'

/** Lower than they come, so that a test reaches them soon; test/config.test.ts holds the real ones. */
export const lowLimits = {
  LIMIT_ASK: '5/600',
  LIMIT_LINK: '6/600',
  LIMIT_LOGIN: '12/600',
  LIMIT_PASSWORD: '4/900',
}

let networks = 0

/** An address that nothing else in the same file comes from. */
export function newNetwork(): string {
  networks += 1
  return `203.0.113.${networks}`
}

export function times<T>(count: number, action: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => action(index)))
}

/** As a long row of wrong passwords leaves it; counting to a hundred is a test of its own. */
export function setRun(app: RunningApp, run: string, length: number): Promise<void> {
  return setRuns(app, [run], { length })
}

/** The same for many, and when the next attempt is taken (Unix seconds). */
export async function setRuns(
  { db }: RunningApp,
  runs: readonly string[],
  { length, nextAttemptAt = 0 }: { length: number; nextAttemptAt?: number },
): Promise<void> {
  await db
    .prepare(
      `INSERT INTO wrong_password_run (run, length, next_attempt_at, last_attempt_at)
       SELECT value, ?2, ?3, ?4 FROM json_each(?1) WHERE true
       ON CONFLICT DO UPDATE SET length = ?2`,
    )
    .bind(JSON.stringify(runs), length, nextAttemptAt, Math.floor(Date.now() / 1000))
    .run()
}
