/** A text of SQL, taken apart into its statements by SQLite itself. */
import type { DatabaseSync } from 'node:sqlite'

/** Runs one after the other, since a statement may need what an earlier one makes; all of them, as they stand in the text. */
export function runStatements(db: DatabaseSync, text: string): string[] {
  const statements: string[] = []
  let rest = text.trim()
  while (rest !== '') {
    const { sourceSQL } = db.prepare(rest)
    db.exec(sourceSQL)
    statements.push(sourceSQL)
    rest = rest.slice(sourceSQL.length).trimStart()
  }
  return statements
}
