import { once } from 'node:events'
import { request } from 'node:http'
import { describe, expect } from 'vitest'
import { WebSocket } from 'ws'
import { startMailServer, type MailServer } from '../../harness/index.ts'
import { test } from '../../harness/vitest.ts'
import './setup.ts'
import { deliver } from './deliver.ts'

async function call(mail: MailServer, path: string, init: RequestInit & { json?: unknown } = {}) {
  const { json, ...rest } = init
  const body = json === undefined ? {} : { body: JSON.stringify(json) }
  const response = await fetch(`${mail.url}${path}`, { ...rest, ...body })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text }
}

describe('inboxes over HTTP', () => {
  test('a wait is held until the mail comes, and gives link and code', async ({ mail }) => {
    const inbox = (await call(mail, '/api/inboxes', { method: 'POST' })).body
    const waiting = call(mail, `/api/inboxes/${inbox.address}/wait?subject=/RESET/i&timeout=5000`)
    await deliver(mail, {
      to: inbox.address,
      subject: 'Reset',
      text: 'https://example.test/reset?x=1\nCode: 123456',
    })
    expect(await waiting).toMatchObject({
      status: 200,
      body: {
        Subject: 'Reset',
        links: [{ href: 'https://example.test/reset?x=1' }],
        codes: ['123456'],
        envelope: { to: [inbox.address] },
      },
    })
  })

  test('a wait gives each mail once, and leaves it when told to', async ({ mail, inbox }) => {
    await deliver(mail, { to: inbox.address, subject: 'Once' })
    const path = `/api/inboxes/${inbox.address}/wait?timeout=20`
    expect((await call(mail, `${path}&consume=0`)).status).toBe(200)
    expect((await call(mail, path)).status).toBe(200)
    expect((await call(mail, path)).status).toBe(408)
  })

  test('a wait that runs out says what did come', async ({ mail, inbox }) => {
    await deliver(mail, { to: inbox.address, subject: 'Welcome' })
    const { status, body } = await call(
      mail,
      `/api/inboxes/${inbox.address}/wait?subject=Reset&timeout=10`,
    )
    expect(status).toBe(408)
    expect(body.error).toContain('subject is "Welcome"')
    expect(body.url).toBe(mail.url)
  })

  test('a wait for a client that is gone ends, and takes no mail', async ({ mail, inbox }) => {
    const controller = new AbortController()
    const path = `${mail.url}/api/inboxes/${inbox.address}/wait`
    const aborted = fetch(path, { signal: controller.signal }).catch((error: unknown) =>
      String(error),
    )
    await call(mail, `/api/inboxes/${inbox.address}`)
    controller.abort()
    expect(await aborted).toContain('abort')
    await call(mail, '/api/v1/info')
    await deliver(mail, { to: inbox.address, subject: 'Still here' })
    expect(await inbox.next()).toMatchMail('Still here')
  })

  test('a wait after a cursor sees only what came later, for anybody', async () => {
    await using mail = await startMailServer()
    await deliver(mail, { to: 'a@example.test', subject: 'Before' })
    const { cursor } = (
      await call(mail, '/api/inboxes', { method: 'POST', json: { address: 'b@example.test' } })
    ).body
    await deliver(mail, { to: 'c@example.test', subject: 'After' })
    expect((await call(mail, `/api/wait?since=${cursor}`)).body).toMatchObject({
      Subject: 'After',
      cursor: 2,
    })
    expect((await call(mail, '/api/wait?since=0&to=a@')).body).toMatchObject({ Subject: 'Before' })
  })

  test('a pattern or a cursor that is none is refused', async ({ mail, inbox }) => {
    const path = `/api/inboxes/${inbox.address}/wait`
    expect((await call(mail, `${path}?subject=/(/`)).status).toBe(422)
    expect((await call(mail, `${path}?since=yesterday`)).status).toBe(422)
  })
})

describe('faults over HTTP', () => {
  test('a fault is staged, counted and taken off', async ({ mail, inbox }) => {
    const json = { at: 'rcpt', inbox: inbox.address, code: 451, times: 5, to: '/.*/' }
    const staged = await call(mail, '/api/faults', { method: 'POST', json })
    expect(staged).toMatchObject({ status: 201, body: { inbox: inbox.address, hits: 0 } })
    await expect(deliver(mail, { to: inbox.address })).rejects.toThrow('451')
    const { faults } = (await call(mail, '/api/faults')).body
    expect(faults).toContainEqual(expect.objectContaining({ id: staged.body.id, hits: 1 }))
    const path = `/api/faults/${staged.body.id}`
    expect((await call(mail, path, { method: 'DELETE' })).status).toBe(204)
    expect((await call(mail, path, { method: 'DELETE' })).status).toBe(404)
    await deliver(mail, { to: inbox.address })
  })

  test.for([
    { at: 'lunch' },
    { at: 'rcpt', code: 200 },
    { at: 'rcpt', certificate: 'expired' },
    { at: 'mail', times: 0 },
  ])('%j is refused with the reason', async (json, { mail }) => {
    const { status, body } = await call(mail, '/api/faults', { method: 'POST', json })
    expect([status, body]).toEqual([422, expect.stringMatching(/\w/)])
  })

  test('every fault goes at once', async () => {
    await using mail = await startMailServer()
    await call(mail, '/api/faults', { method: 'POST', json: { at: 'rcpt', code: 550 } })
    expect((await call(mail, '/api/faults', { method: 'DELETE' })).status).toBe(204)
    expect((await call(mail, '/api/faults')).body).toEqual({ faults: [] })
  })
})

describe('what Mailpit does not tell of a message', () => {
  test('links, codes, findings, transcript and a bounce', async ({ mail, inbox }) => {
    const sender = mail.inbox()
    await deliver(mail, {
      from: sender.address,
      to: inbox.address,
      text: 'Code: 123456 https://example.test/x',
    })
    const { id } = await inbox.next()
    const path = `/api/v1/message/${id}`
    expect((await call(mail, `${path}/links`)).body.links).toMatchObject([
      { href: 'https://example.test/x' },
    ])
    expect((await call(mail, `${path}/codes`)).body).toEqual({ codes: ['123456'] })
    expect((await call(mail, `${path}/lint`)).body.findings).toEqual([])
    expect((await call(mail, `${path}/transcript`)).body.lines[0].text).toMatch(
      /^220 localhost ESMTP/,
    )
    expect((await call(mail, '/api/transcripts')).body.transcripts.length).toBeGreaterThan(0)
    expect(
      (await call(mail, `${path}/bounce`, { method: 'POST', json: { action: 'delayed' } })).status,
    ).toBe(204)
    expect(await sender.next()).toMatchMail('Delayed')
    expect(
      (await call(mail, `${path}/bounce`, { method: 'POST', json: { action: 'x' } })).status,
    ).toBe(422)
  })
})

test('/api/stream tells of new mail as server-sent events', async () => {
  await using mail = await startMailServer()
  const controller = new AbortController()
  const { body } = await fetch(`${mail.url}/api/stream`, { signal: controller.signal })
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = (await reader?.read())?.value ?? ''
  await deliver(mail, { to: 'a@example.test', subject: 'Streamed' })
  while (!text.includes('event: stats')) text += (await reader?.read())?.value ?? ''
  expect(text).toMatch(
    /event: new\ndata: \{.*"Subject":"Streamed".*\}\nid: 1\n\nevent: stats\ndata: \{"Total":1,"Unread":1\}/,
  )
  controller.abort()
})

test('the OpenAPI document lists every route that answers', async ({ mail }) => {
  const { body } = await call(mail, '/api/openapi.json')
  expect(body.openapi).toBe('3.1.0')
  const gets = Object.entries<Record<string, unknown>>(body.paths).filter(
    ([path, { get }]) =>
      get !== undefined && !path.includes('{') && path !== '/api/stream' && path !== '/api/wait',
  )
  expect(gets.length).toBe(8)
  for (const [path] of gets) {
    const { status } = await call(mail, `${path}?query=x`)
    expect([path, status]).toEqual([path, 200])
  }
  const ids = Object.values<Record<string, { operationId: string }>>(body.paths).flatMap((item) =>
    Object.values(item).map(({ operationId }) => operationId),
  )
  expect(new Set(ids).size).toBe(ids.length)
})

describe('the guard', () => {
  /** `fetch` does not let a test say what browsers say by themselves. */
  async function ask(mail: MailServer, headers: Record<string, string>, method = 'GET') {
    const url = new URL('/api/v1/messages', mail.url)
    const outgoing = request({
      host: '127.0.0.1',
      port: url.port,
      path: url.pathname,
      method,
      headers,
    }).end()
    const [response] = await once(outgoing, 'response')
    response.resume()
    return response.statusCode
  }

  test.for([
    ['127.0.0.1:8025', 200],
    ['localhost', 200],
    ['LOCALHOST:1', 200],
    ['[::1]:8025', 200],
    ['mail.localhost:8025', 200],
    ['evil.example.com', 403],
    ['127.0.0.1.evil.example.com', 403],
    ['localhost.evil.example.com:8025', 403],
  ] as const)('Host "%s" gets %i', async ([host, status], { mail }) => {
    expect(await ask(mail, { host })).toBe(status)
  })

  test('a name of its own may be allowed', async () => {
    await using mail = await startMailServer({ hosts: ['mail.example.test'] })
    expect(await ask(mail, { host: 'mail.example.test:8025' })).toBe(200)
  })

  test.for([
    [{ origin: 'http://localhost:8025' }, 200],
    [{ origin: 'http://evil.example.com' }, 403],
    [{ origin: 'https://localhost:8025' }, 403],
    [{ origin: 'http://localhost:3000' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 200],
    [{ 'sec-fetch-site': 'none' }, 200],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 200],
  ] as const)('%j gets %i', async ([headers, status], { mail }) => {
    expect(await ask(mail, { host: 'localhost:8025', ...headers })).toBe(status)
  })

  test('another site cannot delete by a form, either', async ({ mail }) => {
    const headers = {
      host: 'localhost',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
    }
    expect(await ask(mail, headers, 'DELETE')).toBe(403)
  })

  test.for([
    [{ origin: 'http://evil.example.com' }, '403'],
    [{ host: 'evil.example.com' }, '403'],
  ] as const)('the WebSocket refuses %j', async ([headers, status], { mail }) => {
    const socket = new WebSocket(`${mail.url.replace('http', 'ws')}/api/events`, { headers })
    const [error] = await once(socket, 'error')
    expect(String(error)).toContain(status)
  })
})
