/**
 * A method may be any token (RFC 9110 §9.1). On Deno each reaches the router, which
 * looks it up in objects: "constructor" was found there, and failed outside of every
 * handler, with a stack in the log for each.
 */
import { describe, expect, test } from 'vitest'
import type { RunningApp } from '../app.ts'
import { runtimes } from '../journeys/runtimes.ts'
import { sendAndEnd } from '../raw-request.ts'
import { useApp } from '../use-app.ts'

describe.each(runtimes)('on %s', (_, startApp) => {
  let app: RunningApp
  let output = ''

  useApp(startApp, (started) => ({ app } = started), { onOutput: (text) => (output += text) })

  test.each(['constructor', 'toString', 'hasOwnProperty', '__defineGetter__'])(
    '%s is 501, and nothing is written down',
    async (method) => {
      const answer = await sendAndEnd(
        app.url,
        `${method} /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      )
      expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 501 Not Implemented')
      expect(output).toBe('')
    },
  )
})
