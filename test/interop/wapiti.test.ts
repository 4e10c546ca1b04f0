/**
 * Wapiti, a scanner for holes in web applications, against the bundle that is
 * deployed: as a stranger, and as somebody who is signed in and holds a link.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { givePerson } from '../person.ts'
import { requirePrograms, run } from './debian.ts'

requirePrograms({ '/usr/bin/wapiti': 'wapiti' })

/**
 * All that need nothing from the Internet. Without `csrf`, which looks for a
 * token in each form: ours are kept by the same-origin rule (test/http/refusals.test.ts).
 */
const MODULES =
  'backup,blindsql,cookieflags,crlf,csp,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,xss,xxe'

const settings = {
  LIMIT_ASK: '1000000',
  LIMIT_LINK: '1000000',
  LIMIT_LOGIN: '1000000',
  LIMIT_PASSWORD: '1000000',
}

let mail: MailServer
let app: App
let origin: string
let folder: string

beforeAll(async () => {
  mail = await startMailServer()
  const port = await freePort()
  origin = `http://127.0.0.1:${port}`
  app = await startApp({
    mail,
    bundle: 'deployed',
    port,
    settings: { ...settings, PUBLIC_URL: origin },
  })
  folder = await mkdtemp(join(tmpdir(), 'wapiti-'))
})

afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await mail.stop()
  await rm(folder, { recursive: true })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

interface Report {
  vulnerabilities: Record<string, { info: string; path: string }[]>
  anomalies: Record<string, { info: string; path: string }[]>
  infos: { crawled_pages_nbr?: number }
}

function isReport(value: unknown): value is Report {
  return (
    typeof value === 'object' &&
    value !== null &&
    'vulnerabilities' in value &&
    'anomalies' in value
  )
}

async function scan(name: string, more: string[]): Promise<string[]> {
  const output = join(folder, `${name}.json`)
  const places = ['--store-session', folder, '--store-config', folder]
  const bounds = ['--max-scan-time', '60', '--max-attack-time', '10', '--no-bugreport']
  await run(
    '/usr/bin/wapiti',
    [
      '-u',
      `${origin}/`,
      '-m',
      MODULES,
      '-f',
      'json',
      '-o',
      output,
      '-v',
      '0',
      '--flush-session',
      ...places,
      ...bounds,
      ...more,
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  )
  const report: unknown = JSON.parse(await readFile(output, 'utf8'))
  if (!isReport(report)) throw new TypeError('Wapiti wrote no report')
  return [...Object.entries(report.vulnerabilities), ...Object.entries(report.anomalies)].flatMap(
    ([kind, found]) => found.map(({ info, path }) => `${kind}: ${info} (${path})`),
  )
}

/** Findings that are none. */
const KNOWN = [
  // Browsers dropped the filter that this header steered; OWASP Secure Headers says to leave it out.
  /X-XSS-Protection/,
]

function ofNote(findings: readonly string[]): string[] {
  return findings.filter((finding) => !KNOWN.some((known) => known.test(finding)))
}

/** What the scans left in the audit table: an honest "nothing found" has tried. */
async function countOf(event: string): Promise<number> {
  const row = await app.db
    .prepare(`SELECT count(*) AS n FROM audit WHERE event = ?1`)
    .bind(event)
    .first<{ n: number }>()
  return row?.n ?? 0
}

/** Posts to links, which leave a row of the audit table only when the link is dead. */
async function countOfLinkPosts(): Promise<number> {
  const row = await app.db
    .prepare(`SELECT sum(hits) AS n FROM limit_window WHERE key LIKE 'link %'`)
    .first<{ n: number }>()
  return row?.n ?? 0
}

test('finds nothing of note as a stranger', { timeout: 300_000 }, async () => {
  const paths = ['/login', '/register', '/reset_password', '/reset_password/dead']
  const start = paths.flatMap((path) => ['-s', `${origin}${path}`])
  expect(ofNote(await scan('stranger', start))).toEqual([])
  expect(await countOf('login-failed')).toBeGreaterThan(20)
  // Most of what it puts into an address is none, and is refused before it is counted.
  expect(await countOf('reset-asked')).toBeGreaterThan(0)
})

test('finds nothing of note signed in, with a link', { timeout: 300_000 }, async () => {
  const person = await givePerson(app, mail)
  const cookie = (await person.logIn()).cookieHeader
  // It presses every button, "Log out" too; -x, which would spare it, fails in Debian's version.
  await app.db.exec(
    `CREATE TRIGGER stay_signed_in BEFORE DELETE ON session BEGIN SELECT RAISE(IGNORE); END`,
  )
  const start = [`${origin}/account`, await person.askForLink()].flatMap((url) => ['-s', url])
  await app.db.prepare(`DELETE FROM limit_window WHERE key LIKE 'link %'`).run()
  expect(ofNote(await scan('account', ['-H', `Cookie: ${cookie}`, ...start]))).toEqual([])
  expect(await countOf('password-change-failed')).toBeGreaterThan(0)
  expect(await countOfLinkPosts()).toBeGreaterThan(0)
})

test('left no error behind', async () => {
  const { results } = await app.db
    .prepare(`SELECT detail FROM outbox WHERE purpose = 'error-report'`)
    .all()
  expect(results).toEqual([])
})
