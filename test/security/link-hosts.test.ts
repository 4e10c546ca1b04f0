/**
 * A mailed link leads to PUBLIC_URL, whatever a request says about where it was
 * sent to (OWASP Forgot Password, "URL Tokens"): CVE-2025-43930, CVE-2025-25198
 * and CVE-2025-70948 took the host from a header. FULL asks for each link by each
 * door on each runtime.
 */
import { connect } from 'node:net'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Inbox, MailServer } from '../../harness/index.ts'
import { publicUrl, type RunningApp } from '../app.ts'
import { dump } from '../database.ts'
import { full } from '../full.ts'
import { runtimes } from '../journeys/runtimes.ts'
import { signIn, untilRecorded } from '../journeys/steps.ts'
import { useApp } from '../use-app.ts'

const evil = 'evil.example.com'

interface Poison {
  what: string
  target?: (path: string) => string
  /** Header lines in place of the one Host. */
  hosts?: string[]
  more?: string[]
  /** Where the service is asked at all: elsewhere the platform's own parser refuses it. */
  arrives: (typeof runtimes)[number][0][]
}

const poisons: Poison[] = [
  { what: 'another Host', hosts: [`Host: ${evil}`], arrives: ['workerd', 'Deno'] },
  { what: 'ours as a name before it', hosts: [`Host: id.example.test@${evil}`], arrives: ['Deno'] },
  { what: 'a port that is none', hosts: [`Host: id.example.test:@${evil}`], arrives: ['Deno'] },
  { what: 'a Host with a path', hosts: [`Host: ${evil}/id.example.test`], arrives: [] },
  { what: 'a Host that is none', hosts: ['Host: ['], arrives: ['Deno'] },
  { what: 'an empty Host', hosts: ['Host: '], arrives: ['Deno'] },
  { what: 'no Host', hosts: [], arrives: ['Deno'] },
  { what: 'two Hosts, ours first', hosts: ['Host: id.example.test', `Host: ${evil}`], arrives: [] },
  { what: 'two Hosts, ours last', hosts: [`Host: ${evil}`, 'Host: id.example.test'], arrives: [] },
  { what: 'a whole URL', target: (path) => `http://${evil}${path}`, arrives: ['Deno'] },
  { what: 'a host after two slashes', target: (path) => `//${evil}${path}`, arrives: [] },
  {
    what: 'X-Forwarded-Host and its kin',
    more: [
      `X-Forwarded-Host: ${evil}`,
      `X-Forwarded-Server: ${evil}`,
      'X-Forwarded-Proto: http',
      'X-Forwarded-Port: 8443',
      `X-Forwarded-Prefix: /${evil}`,
      `X-Host: ${evil}`,
      `X-Original-Host: ${evil}`,
      `X-HTTP-Host-Override: ${evil}`,
      `X-Original-URL: http://${evil}/`,
      `X-Rewrite-URL: http://${evil}/`,
    ],
    arrives: ['workerd', 'Deno'],
  },
  {
    what: 'Forwarded',
    more: [`Forwarded: host=${evil};proto=http`],
    arrives: ['workerd', 'Deno'],
  },
  { what: 'Referer', more: [`Referer: https://${evil}/`], arrives: ['workerd', 'Deno'] },
]

const form = {
  type: 'application/x-www-form-urlencoded',
  write: (email: string) => new URLSearchParams({ email }).toString(),
}
const json = { type: 'application/json', write: (email: string) => JSON.stringify({ email }) }

const asks = [
  { path: '/reset_password', link: '/reset_password/', ...form },
  { path: '/register', link: '/register/', ...form },
  { path: '/api/v1/password-resets', link: '/reset_password/', ...json },
  { path: '/api/v1/registrations', link: '/register/', ...json },
] as const
const [formReset, formRegistration, jsonReset, jsonRegistration] = asks

/** Each door and each purpose on each runtime. */
const asksOn = {
  workerd: full ? asks : [formReset, jsonRegistration],
  Deno: full ? asks : [jsonReset, formRegistration],
}

describe.each(runtimes)('on %s', (runtime, startApp) => {
  let mail: MailServer
  let app: RunningApp
  let owner: Inbox

  useApp(startApp, (started) => ({ mail, app } = started), {
    settings: { LIMIT_ASK: '1000/600', LIMIT_MAIL: '1000' },
  })

  beforeAll(async () => {
    owner = mail.inbox()
    await signIn(app, owner)
  })

  describe.each(asksOn[runtime])('POST $path', ({ path, link, type, write }) => {
    test.each(poisons)('with $what', async ({ target, hosts, more = [], arrives }) => {
      const { outbox: before } = await dump(app.db)
      const inbox = link === '/register/' ? mail.inbox() : owner
      const body = write(inbox.address)
      const head = await readHead(
        app.url,
        [
          `POST ${target?.(path) ?? path} HTTP/1.1`,
          ...(hosts ?? [`Host: ${app.url.host}`]),
          ...more,
          `Content-Type: ${type}`,
          `Content-Length: ${body.length}`,
          `\r\n${body}`,
        ].join('\r\n'),
      )
      expect(head).not.toContain(evil)
      if (!arrives.includes(runtime)) {
        expect(head).toMatch(/^HTTP\/1\.1 [45]/)
        expect((await dump(app.db)).outbox).toEqual(before)
        return
      }
      expect(head).toMatch(/^HTTP\/1\.1 (?:303|202) /)
      const message = await inbox.next()
      expect(message.link(link).startsWith(`${publicUrl}${link}`)).toBe(true)
      expect(message.links.filter(({ href }) => !href.startsWith(`${publicUrl}/`))).toEqual([])
      const { headers, text, html } = message
      expect(JSON.stringify({ headers, text, html })).not.toContain(evil)
      await untilRecorded(app)
    })
  })
})

/** Sends a request as it stands, and reads until the header of the answer has ended. */
function readHead(url: URL, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname)
    let answer = ''
    socket.setEncoding('latin1').on('data', (text) => {
      answer += text
      if (answer.includes('\r\n\r\n')) socket.destroy()
    })
    socket.on('error', reject).on('close', () => resolve(answer))
    socket.write(request)
  })
}
