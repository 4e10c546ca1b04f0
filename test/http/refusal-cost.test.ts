/**
 * A refusal costs next to nothing, whatever a request holds: it is made before
 * any limit counts, and everybody else waits for it.
 */
import { describe, expect, test } from 'vitest'
import type { RunningApp } from '../app.ts'
import { runtimes } from '../journeys/runtimes.ts'
import { useApp } from '../use-app.ts'
import type { Answer, Visitor } from '../visitor.ts'

/** So many fit into a body of ours. */
const FIELDS = 1000

/** Fields that nobody asked for, each with a value of its own that has so many characters. */
function fieldsOf(first: number, length: number): Record<string, string> {
  const entries = Array.from({ length: FIELDS }, (_, i) => {
    const name = (first + i).toString(36)
    return [name, name.padEnd(length, 'q')]
  })
  return Object.fromEntries(entries)
}

interface Ask {
  /** The first name of its fields: patterns that were made for another ask are kept for a while. */
  first: number
  send: (from: Visitor, fields: Record<string, string>) => Promise<Answer>
}

const asks: Record<string, Ask> = {
  'a form': {
    first: 36 ** 2,
    send: (from, fields) => from.post('/reset_password', fields),
  },
  JSON: {
    first: 10 * 36 ** 2,
    send: (from, fields) =>
      from.send('/api/v1/password-resets', {
        method: 'POST',
        body: JSON.stringify(fields),
        headers: { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' },
      }),
  },
}

describe.each(runtimes)('on %s', (_, startApp) => {
  let app: RunningApp

  useApp(startApp, (started) => ({ app } = started))

  test.each(Object.entries(asks))('%s of many short values', async (_door, { first, send }) => {
    const took = async (length: number) => {
      const fields = { ...fieldsOf(first, length), email: '\u0007' }
      const started = performance.now()
      expect((await send(app.visitor(), fields)).status).toBe(400)
      return performance.now() - started
    }
    const usual = Math.min(await took(6), await took(6), await took(6))
    expect((await took(3)) / usual).toBeLessThan(20)
  })
})
