/**
 * Bodies that never arrive whole: no failure of ours, so no 500, and above all no
 * report to the operator, which anybody could have sent, and which keeps the
 * next one away for an hour.
 */
import { describe, expect, test } from 'vitest'
import type { RunningApp } from '../app.ts'
import { runtimes } from '../journeys/runtimes.ts'
import { sendAndEnd } from '../raw-request.ts'
import { useApp } from '../use-app.ts'

const types = {
  '/login': 'application/x-www-form-urlencoded',
  '/api/v1/sessions': 'application/json',
} as const

const bodies = {
  'cut off': 'Content-Length: 30\r\n\r\na=b',
  'in a chunk that is none': 'Transfer-Encoding: chunked\r\n\r\nnonsense\r\na=b\r\n',
  'in a chunk that is cut off': 'Transfer-Encoding: chunked\r\n\r\n40\r\na=b',
} as const

describe.each(runtimes)('on %s', (_, startApp) => {
  let app: RunningApp

  useApp(startApp, (started) => ({ app } = started), {
    settings: { ADMINS: 'admin@example.test' },
  })

  describe.each(Object.entries(types))('POST %s', (path, type) => {
    test.each(Object.entries(bodies))(
      'a body %s is 400 at most, and reported to nobody',
      async (__, body) => {
        const answer = await sendAndEnd(
          app.url,
          `POST ${path} HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Type: ${type}\r\n${body}`,
        )
        expect(answer.split('\r\n')[0]).toMatch(/^(?:HTTP\/1\.1 400 .*)?$/)
        expect((await app.visitor().get('/login')).status).toBe(200)
        const reports = await app.db.prepare(`SELECT detail FROM outbox`).all()
        expect(reports.results).toEqual([])
      },
    )
  })
})
