/**
 * A range API of our own, on loopback, in place of Pwned Passwords.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'

export interface RangeApi extends AsyncDisposable {
  /** For `PWNED_PASSWORDS`. */
  url: URL
  /** What it was asked, first to last. */
  seen: { method: string; path: string; headers: IncomingHttpHeaders; body: string }[]
  /** From now on. */
  answer(how: RequestListener): void
}

/** In upper case, as the range API has it. */
export function sha1Of(password: string): string {
  return createHash('sha1').update(password).digest('hex').toUpperCase()
}

export const list = (lines: readonly string[]): RequestListener => {
  return (_request, response) => response.end(lines.join('\r\n'))
}

/** Says that a password, and whatever else is in its range, was breached three times. */
export function listed(password: string): RequestListener {
  return list([`${'0'.repeat(35)}:7`, `${sha1Of(password).slice(5)}:3`])
}

/** Starts it; `await using` stops it. */
export async function startRangeApi(first: RequestListener): Promise<RangeApi> {
  let answer = first
  const seen: RangeApi['seen'] = []
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    const asked = { method, path: url, headers, body: '' }
    seen.push(asked)
    request.setEncoding('utf8').on('data', (text: string) => (asked.body += text))
    request.on('error', () => {}) // A client may give up: that is what some tests are about.
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Cannot start a range API')
  return {
    url: new URL(`http://127.0.0.1:${address.port}/range/`),
    seen,
    answer: (how) => {
      answer = how
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
