/**
 * Wapiti, a scanner for holes in web applications, against the bundle that is
 * deployed: as a stranger, and as somebody who is signed in and holds both links.
 * Debian's version writes no JSON: made-up requests to the JSON API are those of
 * test/http/api/openapi.test.ts.
 */
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
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
}

function isReport(value: unknown): value is Report {
  return (
    typeof value === 'object' &&
    value !== null &&
    'vulnerabilities' in value &&
    'anomalies' in value
  )
}

/** A page or a form that was found, and how many modules have attacked it. */
interface Visit {
  request: string
  status: number
  modules: number
}

interface Scan {
  findings: string[]
  visits: Visit[]
}

async function scan(name: string, paths: readonly string[], more: string[] = []): Promise<Scan> {
  const own = join(folder, name)
  await mkdir(own)
  const output = join(own, 'report.json')
  const places = ['--store-session', own, '--store-config', own, '-f', 'json', '-o', output]
  const bounds = ['--max-scan-time', '60', '--max-attack-time', '10', '--no-bugreport']
  const start = paths.flatMap((path) => ['-s', new URL(path, origin).href])
  const base = ['-u', `${origin}/`, '-m', MODULES, '-v', '0', '--flush-session']
  await run('/usr/bin/wapiti', [...base, ...places, ...bounds, ...start, ...more], {
    maxBuffer: 64 * 1024 * 1024,
  })
  return { findings: await readFindings(output), visits: await readVisits(own) }
}

async function readFindings(output: string): Promise<string[]> {
  const report: unknown = JSON.parse(await readFile(output, 'utf8'))
  if (!isReport(report)) throw new TypeError('Wapiti wrote no report')
  return [...Object.entries(report.vulnerabilities), ...Object.entries(report.anomalies)].flatMap(
    ([kind, found]) => found.map(({ info, path }) => `${kind}: ${info} (${path})`),
  )
}

/** From the session that Wapiti keeps, so that it could go on where it was stopped. */
async function readVisits(own: string): Promise<Visit[]> {
  const [name = ''] = (await readdir(own)).filter((file) => file.endsWith('.db'))
  using db = new DatabaseSync(join(own, name), { readOnly: true })
  const rows = db
    .prepare(
      `SELECT method, path, http_status, count(DISTINCT module_name) AS modules
       FROM paths LEFT JOIN attack_log USING (path_id) WHERE evil = 0 GROUP BY path_id`,
    )
    .all()
  return rows.map(({ method, path, http_status: status, modules }) => ({
    request: `${String(method)} ${String(path).replace(origin, '').split('?')[0]}`,
    status: Number(status),
    modules: Number(modules),
  }))
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

/** By status: each was found and answered so, and what it could put anything into was attacked. */
function expectVisited(visits: readonly Visit[], expected: Record<string, number>) {
  for (const [request, status] of Object.entries(expected)) {
    const found = visits.filter((visit) => visit.request === request && visit.status === status)
    expect(found, `${request} was not visited`).not.toEqual([])
    const modules = Math.max(...found.map((visit) => visit.modules))
    if (request.startsWith('POST')) expect(modules, request).toBeGreaterThan(2)
  }
}

/** Each page links to itself in eight languages, and each refused form comes again: those are attacked once. */
const ONCE = ['-r', 'lang', '-d', '1']

test('finds nothing of note as a stranger', { timeout: 300_000 }, async () => {
  const pages = {
    'GET /login': 200,
    'GET /register': 200,
    'GET /register/sent': 200,
    'GET /register/dead': 410,
    'GET /reset_password': 200,
    'GET /reset_password/sent': 200,
    'GET /reset_password/dead': 410,
    'GET /healthz': 200,
    'GET /.well-known/change-password': 303,
    'GET /api/v1/openapi.json': 200,
  }
  const forms = { 'POST /login': 401, 'POST /register': 303, 'POST /reset_password': 303 }
  const paths = Object.keys(pages).map((request) => request.replace('GET ', ''))
  const { findings, visits } = await scan('stranger', [...paths, '/login?notice=registered'], ONCE)
  expect(ofNote(findings)).toEqual([])
  expectVisited(visits, { ...pages, ...forms })
  expect(await countOf('login-failed')).toBeGreaterThan(20)
  // Most of what it puts into an address is none, and is refused before it is counted.
  expect(await countOf('reset-asked')).toBeGreaterThan(0)
})

test('finds nothing of note in what chooses a language', { timeout: 300_000 }, async () => {
  const { findings, visits } = await scan(
    'language',
    ['/login?lang=fr'],
    ['--scope', 'url', '-d', '0'],
  )
  expect(ofNote(findings)).toEqual([])
  const modules = visits.find(({ request }) => request === 'GET /login')?.modules
  expect(modules).toBeGreaterThan(10)
})

test('finds nothing of note signed in, with both links', { timeout: 300_000 }, async () => {
  const person = await givePerson(app, mail)
  const cookie = (await person.logIn()).cookieHeader
  const inbox = mail.inbox()
  await app.visitor().post('/register', { email: inbox.address })
  const registration = new URL((await inbox.next()).link('/register/')).pathname
  const reset = new URL(await person.askForLink()).pathname
  // It presses every button, "Log out" too; -x, which would spare it, fails in Debian's version.
  await app.db.exec(
    `CREATE TRIGGER stay_signed_in BEFORE DELETE ON session BEGIN SELECT RAISE(IGNORE); END`,
  )
  await app.db.prepare(`DELETE FROM limit_window WHERE key LIKE 'link %'`).run()
  const pages = {
    'GET /account': 200,
    [`GET ${registration}`]: 200,
    [`GET ${reset}`]: 200,
    'GET /api/v1/account': 200,
    'GET /api/v1/account/sessions': 200,
  }
  const forms = {
    'POST /account/password': 401,
    [`POST ${registration}`]: 422,
    [`POST ${reset}`]: 422,
  }
  const paths = Object.keys(pages).map((request) => request.replace('GET ', ''))
  const more = [...ONCE, '-H', `Cookie: ${cookie}`]
  const { findings, visits } = await scan('account', paths, more)
  expect(ofNote(findings)).toEqual([])
  expectVisited(visits, { ...pages, ...forms })
  expect(await countOf('password-change-failed')).toBeGreaterThan(0)
  expect(await countOfLinkPosts()).toBeGreaterThan(0)
})

test('left no error behind', async () => {
  const { results } = await app.db
    .prepare(`SELECT detail FROM outbox WHERE purpose = 'error-report'`)
    .all()
  expect(results).toEqual([])
})
