/**
 * The people of a microblog, as many as a test wants, in each kind of file that
 * an import takes. They are written a piece at a time, so that a million fit.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** Writes so many people to a file of this kind. */
export const writePeople = {
  SQLite: writeDatabase,
  CSV: (path: string, count: number) =>
    writeLines(path, count, { header: 'id,username,email,password_hash\r\n', toLine: toCsv }),
  'JSON lines': (path: string, count: number) =>
    writeLines(path, count, { header: '', toLine: toJson }),
} as const

export type FileKind = keyof typeof writePeople

export const fileKinds = Object.keys(writePeople) as FileKind[]

function writeDatabase(path: string, count: number): void {
  using db = new DatabaseSync(path)
  db.exec(`CREATE TABLE user (id INTEGER PRIMARY KEY, username TEXT, email TEXT, password_hash TEXT);
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${count})
    INSERT INTO user SELECT n, 'person ' || n, 'person-' || n || '@example.com',
      'pbkdf2:sha256:260000$' || printf('%016d', n) || '$' || printf('%064d', n) FROM number`)
}

interface Lines {
  header: string
  toLine: (person: ReturnType<typeof toPerson>) => string
}

/** In people: what is in memory at a time. */
const PIECE = 1000

function writeLines(path: string, count: number, { header, toLine }: Lines): void {
  const file = openSync(path, 'w')
  writeSync(file, header)
  for (let done = 0; done < count; done += PIECE) {
    const numbers = Array.from(
      { length: Math.min(PIECE, count - done) },
      (_, index) => done + index,
    )
    writeSync(file, numbers.map((number) => toLine(toPerson(number + 1))).join(''))
  }
  closeSync(file)
}

function toPerson(number: number) {
  const [salt, key] = [16, 64].map((length) => String(number).padStart(length, '0'))
  return {
    id: number,
    username: `person ${number}`,
    email: `person-${number}@example.com`,
    password_hash: `pbkdf2:sha256:260000$${salt}$${key}`,
  }
}

function toCsv(person: ReturnType<typeof toPerson>): string {
  return `${Object.values(person).join(',')}\r\n`
}

function toJson(person: ReturnType<typeof toPerson>): string {
  return `${JSON.stringify(person)}\n`
}
