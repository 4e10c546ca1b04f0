/**
 * The service inside another app: test/examples/mounted, which imports the
 * package by name and is bundled by wrangler as its owner would, without any alias.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleWorker } from '../../build/worker.ts'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { type App, startApp } from '../app.ts'
import { ApiClient } from '../http/api/client.ts'
import type { Answer } from '../visitor.ts'
import type { PackedProject } from './project.ts'
import { walkRecovery } from './recovery.ts'
import { walkSignedIn } from './signed-in.ts'

const outdir = resolve('.sparekey/test/mounted')

/** Declares the tests, for a project that is packed by the time they run. */
export function testMountedApp(project: () => PackedProject): void {
  let mail: MailServer
  let app: App

  beforeAll(async () => {
    await bundleWorker('src/index.ts', outdir, project())
    mail = await startMailServer()
    app = await startApp({
      mail,
      outdir,
      settings: { PUBLIC_URL: 'https://shop.example.test/auth', COOKIE_PREFIX: 'accounts-' },
    })
  })

  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await mail.stop()
  })

  test('everything it says leads below the prefix, from asking for an account to being back in', async () => {
    const visitor = app.visitor()
    expect((await visitor.get('/')).body).toBe('The shop')
    await walkRecovery(visitor, mail.inbox())
  })

  test('put together by hand it is the same, below a prefix of two parts', async () => {
    const folder = `${outdir}-by-parts`
    await bundleWorker('src/by-parts.ts', folder, project())
    const settings = { PUBLIC_URL: 'https://shop.example.test/my/accounts' }
    await using bakery = await startApp({ mail, outdir: folder, settings })
    const visitor = bakery.visitor()
    expect((await visitor.get('/my/accounts/login')).body).toContain('The bakery')
    expect((await visitor.get('/healthz')).status).toBe(200)
    await walkRecovery(visitor, mail.inbox(), '/my/accounts')
  })

  test('it knows who is signed in, by the same rules, beside a session cookie of its own', () =>
    walkSignedIn(app, mail.inbox()))

  test('what nobody answers below the prefix gets our page, and above it the app’s', async () => {
    const below = await app.visitor().get('/auth/nowhere')
    expect(below).toMatchObject({ status: 404, body: expect.stringContaining('Oh: not-found') })
    expect((await app.visitor().post('/auth/nowhere', {})).status).toBe(404)
    const above = await app.visitor().get('/nowhere')
    expect(above).toMatchObject({ status: 404, body: 'Nothing of the shop' })
    expect(above.headers.has('Content-Security-Policy')).toBe(false)
  })

  test('pages of its own stand in place of ours, under our policy and by its own style', async () => {
    const visitor = app.visitor()
    const login = await visitor.get('/auth/login')
    expect(login.body).toContain('<h1>Open the green door</h1>')
    const style = /<style>(.*?)<\/style>/s.exec(login.body)?.[1] ?? ''
    expect(style).toMatch(/\.door \{ border: 1px solid seagreen \}$/)
    expect(allowedStyle(login)).toBe(hashOf(style))
    const refused = await visitor.post('/auth/login', { email: 'ana@example.test', password: 'no' })
    expect(refused).toMatchObject({ status: 401, body: expect.stringContaining('role="alert"') })

    const foreign = { 'Sec-Fetch-Site': 'cross-site' }
    const forbidden = await visitor.post('/auth/login', {}, foreign)
    expect(forbidden).toMatchObject({
      status: 403,
      body: expect.stringMatching(/<h1>Oh: forbidden/),
    })
    for (const { headers } of [login, refused, forbidden]) {
      expect(headers.get('Cache-Control')).toBe('no-store')
      expect(headers.get('Content-Security-Policy')).toMatch(/^default-src 'none'; /)
    }
    expect((await visitor.get('/auth/reset_password')).body).toContain('Choose a new password')
  })

  test('its own sockets are its own: no guard of ours stands in them', async () => {
    const words = await app.visitor().get(`/warehouse/${mail.smtp.port}`)
    expect(words.body).toMatch(/^220 .*\r\n$/)
  })

  test('what is well known stays at the root of the host, and leads below the prefix', async () => {
    const known = await app.visitor().get('/.well-known/change-password')
    expect(known).toMatchObject({ status: 303, location: '/auth/reset_password' })
    expect((await app.visitor().get('/healthz')).status).toBe(200)
  })

  test('the JSON API has the prefix too, and names it in its document', async () => {
    const api = new ApiClient(app, undefined, '/auth')
    expect(await api.send('GET', '/openapi.json')).toMatchObject({
      body: { servers: [{ url: 'https://shop.example.test/auth/api/v1' }] },
    })
    const refused = await api.send('GET', '/account')
    expect(refused).toMatchObject({ status: 401, body: { reason: 'signed-out' } })
  })

  test('its bundle has nothing of the mail harness', async () => {
    const bundle = await readFile(join(outdir, 'index.js'), 'utf8')
    expect(bundle).not.toMatch(/node_modules\/(?:smtp-server|nodemailer|postal-mime|htmlparser2)\//)
    expect(bundle).toContain('node_modules/sparekey/dist/')
  })
}

/** The one style that the page's policy allows. */
function allowedStyle({ headers }: Answer): string | undefined {
  return /style-src '([^']*)';/.exec(headers.get('Content-Security-Policy') ?? '')?.[1]
}

/** CSP Level 3 §2.3.1: as a policy names what may stand inline. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
