/** Look-ups in SQLite itself, without anything of ours but the statement. */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'

/** In microseconds for each key; throws when one is not found. */
export function timeLookUps(
  file: string,
  sql: string,
  keys: readonly string[],
  values: readonly SQLInputValue[] = [],
): number {
  using db = new DatabaseSync(file, { readOnly: true })
  const statement = db.prepare(sql)
  const started = performance.now()
  for (const key of keys) {
    if (statement.get(key, ...values) === undefined) throw new Error(`Cannot find ${key}`)
  }
  return ((performance.now() - started) * 1000) / keys.length
}
