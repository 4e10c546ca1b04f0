/**
 * Somebody whose form was refused in a language they do not read chooses
 * another: what they typed is still there, and so is the reason.
 */
import { expect, test } from 'vitest'
import { startMailServer } from '../../harness/index.ts'
import { wordsOf } from '../../templates/locales/index.ts'
import type { Answer, Visitor } from '../visitor.ts'
import { runtimes } from './runtimes.ts'

const german = wordsOf('de')

test.each(runtimes)('on %s a refused form keeps what was typed', async (_, startApp) => {
  await using mail = await startMailServer()
  await using app = await startApp({ mail })
  const inbox = mail.inbox()
  const visitor = app.visitor()

  const unknown = { email: inbox.address, password: 'not the right one' }
  const wrong = await inGerman(visitor, await visitor.post('/login', unknown))
  expect(wrong).toMatchObject({ status: 200, body: expect.stringContaining(german.login.wrong) })
  expect(wrong.body).toContain(`value="${inbox.address}"`)
  expect(wrong.headers.getSetCookie().join()).toContain('__Host-language=de')

  const noAddress = await visitor.post('/reset_password', { email: 'ana@' })
  const reset = await inGerman(visitor, noAddress)
  expect(reset.body).toContain(german.problems.email)
  expect(reset.body).toMatch(/<input id="email"[^>]* value="ana@"/)
  const register = await inGerman(visitor, await visitor.post('/register', { email: 'ana@' }))
  expect(register.body).toContain(german.problems.email)

  await visitor.post('/register', { email: inbox.address })
  const link = (await inbox.next()).link('/register/')
  const short = { username: 'Ana & Co', password: 'short', confirm_password: 'short' }
  const confirm = await inGerman(visitor, await visitor.post(link, short))
  expect(confirm.body).toMatch(/<input id="username"[^>]* value="Ana &amp; Co"/)
  expect(confirm.body).toContain(german.register.confirmTitle)
})

/** Presses the button that says Deutsch, as a browser would without scripts. */
async function inGerman(visitor: Visitor, { body }: Answer): Promise<Answer> {
  const form = /<details>.*<\/details>/s.exec(body)?.[0] ?? ''
  const fields = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g)
  const typed = [...fields].map(([, name = '', value = '']) => [name, value.replace('&amp;', '&')])
  const [, url = ''] = /<button formaction="([^"]*lang=de)"/.exec(form) ?? []
  const answer = await visitor.post(url, Object.fromEntries(typed))
  expect(answer.body).toContain('<html lang="de"')
  return answer
}
