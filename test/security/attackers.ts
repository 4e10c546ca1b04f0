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
export async function setRun({ db }: RunningApp, run: string, length: number): Promise<void> {
  await db
    .prepare(
      `INSERT INTO wrong_password_run (run, length, next_attempt_at, last_attempt_at) VALUES (?1, ?2, 0, ?3)
       ON CONFLICT DO UPDATE SET length = ?2`,
    )
    .bind(run, length, Math.floor(Date.now() / 1000))
    .run()
}
