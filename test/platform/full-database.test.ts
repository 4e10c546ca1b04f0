/** A database that may not grow any more: a full disk here, the 10 GB of a D1 there. */
import { expect, test } from 'vitest'
import { startMailServer } from '../../harness/index.ts'
import { startDenoApp } from '../deno-app.ts'

test('a full database turns away what has to be written, and shows its pages', async () => {
  await using mail = await startMailServer()
  await using app = await startDenoApp({ mail })
  // As small as it is, but for the room that its pages still have (https://sqlite.org/pragma.html).
  await app.order({ batch: [{ sql: 'PRAGMA max_page_count = 1', values: [] }] })
  const ask = (n: number) => app.visitor().post('/reset_password', { email: `n${n}@example.test` })
  let answer = await ask(0)
  for (let n = 1; n < 300 && answer.status === 303; n++) answer = await ask(n)
  expect(answer).toMatchObject({ status: 503 })
  expect(answer.headers.get('Retry-After')).toBe('10')
  expect((await app.visitor().get('/login')).status).toBe(200)
})
