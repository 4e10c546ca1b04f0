/**
 * The database of a Flask app: one table of people in a SQLite file, which is
 * only ever read.
 */
import { DatabaseSync } from 'node:sqlite'
import { UsageError } from '../run-command.ts'
import { type Columns, findColumns, requireColumns } from './columns.ts'
import { pickFields, type Source, type SourceOptions } from './source.ts'

export function openSqlite(path: string, { table, named }: SourceOptions): Source {
  const db = new DatabaseSync(path, { readOnly: true })
  const found = table ?? findTable(db, named)
  const columns = requireColumns(columnsOf(db, found), named)
  return {
    total: countRows(db, found),
    rows: () => readRows(db, found, columns),
    [Symbol.dispose]: () => db.close(),
  }
}

/** As text, whatever the app has stored: some keep the bytes of a hash. */
function* readRows(db: DatabaseSync, table: string, columns: Columns) {
  const selected = Object.entries(columns)
    .map(([field, column]) => `CAST(${quote(column)} AS TEXT) AS ${quote(field)}`)
    .join(', ')
  const fields = Object.fromEntries(Object.keys(columns).map((field) => [field, field]))
  for (const row of db.prepare(`SELECT ${selected} FROM ${quote(table)}`).iterate()) {
    yield pickFields(row, fields)
  }
}

const usualTables = new Set(['user', 'users', 'account', 'accounts', 'auth_user'])

function findTable(db: DatabaseSync, named: Columns): string {
  const tables = listTables(db).filter((table) => findColumns(columnsOf(db, table), named) !== null)
  const usual = tables.filter((table) => usualTables.has(table.toLowerCase()))
  const [table, ...others] = usual.length > 0 ? usual : tables
  if (table !== undefined && others.length === 0) return table
  const problem =
    table === undefined
      ? 'No table has a column for an address and one for a password hash'
      : `Several tables may hold the accounts (${[table, ...others].join(', ')})`
  throw new UsageError(`${problem}: name it by --table, its columns by --email and --password`)
}

function listTables(db: DatabaseSync): string[] {
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`
  return db
    .prepare(sql)
    .all()
    .map(({ name }) => String(name))
}

function columnsOf(db: DatabaseSync, table: string): string[] {
  const columns = db.prepare('SELECT name FROM pragma_table_info(?)').all(table)
  if (columns.length === 0) throw new UsageError(`There is no table ${table}`)
  return columns.map(({ name }) => String(name))
}

function countRows(db: DatabaseSync, table: string): number {
  return Number(db.prepare(`SELECT count(*) AS count FROM ${quote(table)}`).get()?.['count'])
}

function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}
