/**
 * Applies migrations to a SQLite file, once each and in order, in the table
 * that wrangler keeps for D1: a database can move from one to the other.
 */
import type { D1Database } from '@cloudflare/workers-types'

export interface Migration {
  /** The file's name, which begins with its number. */
  name: string
  sql: string
}

/** Two processes that start at once apply each migration once: `name` is unique. */
export async function migrate(db: D1Database, migrations: readonly Migration[]): Promise<void> {
  await db.exec(`CREATE TABLE IF NOT EXISTS d1_migrations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT UNIQUE,
    applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
  )`)
  for (const migration of migrations.toSorted((a, b) => a.name.localeCompare(b.name))) {
    await applyOnce(db, migration)
  }
}

async function applyOnce(db: D1Database, { name, sql }: Migration): Promise<void> {
  await db.exec('BEGIN IMMEDIATE')
  try {
    const done = await db.prepare('SELECT 1 FROM d1_migrations WHERE name = ?1').bind(name).first()
    if (done === null) {
      await db.exec(sql)
      await db.prepare('INSERT INTO d1_migrations (name) VALUES (?1)').bind(name).run()
    }
    await db.exec('COMMIT')
  } catch (error) {
    await db.exec('ROLLBACK')
    throw error
  }
}
