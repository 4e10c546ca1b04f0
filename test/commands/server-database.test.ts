/** The operator's commands on the file of a server with Deno, while it runs. */
import { expect, test } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { startMailServer } from '../../harness/index.ts'
import { startDenoApp } from '../deno-app.ts'
import { quickHash, password } from '../security/people.ts'
import { Clone } from './clone.ts'

test(
  'DATABASE names the file: people are imported, found, ended and given back',
  { timeout: 60_000 },
  async () => {
    await using mail = await startMailServer()
    await using clone = await Clone.make()
    const path = clone.file('server.db')
    const settings = { DATABASE: path }
    expect((await clone.runWith(settings, 'account', 'list')).stderr).toContain(
      `There is no database ${path}`,
    )
    await writeFile(
      clone.file('accounts.jsonl'),
      JSON.stringify({ email: 'ana@example.test', password: quickHash }),
    )
    expect(await clone.runWith(settings, 'import', 'accounts.jsonl')).toMatchObject({ status: 0 })

    await using app = await startDenoApp({ mail, database: path })
    const ana = app.visitor()
    const logIn = await ana.post('/login', { email: 'ana@example.test', password })
    expect(logIn).toMatchObject({ status: 303, location: '/account' })
    const ended = await clone.runWith(settings, 'account', 'end-sessions', 'ana@example.test')
    expect(ended).toMatchObject({ status: 0, stderr: '' })
    expect(await ana.get('/account')).toMatchObject({ status: 303, location: '/login' })
    const given = await clone.runWith(settings, 'export')
    expect(JSON.parse(given.stdout)).toMatchObject({ address: 'ana@example.test' })

    const both = await clone.runWith(settings, 'export', '--remote')
    expect(both).toMatchObject({ status: 2, stdout: '' })
  },
)
