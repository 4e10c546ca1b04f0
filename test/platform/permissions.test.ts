/** What docs/deploy.md has people allow is what every test on Deno runs with. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { runWith } from '../../commands/deno/permissions.ts'

test('the command in docs/deploy.md allows what the tests on Deno allow', async () => {
  const text = await readFile('docs/deploy.md', 'utf8')
  const [, command = ''] = /```sh\n\s*deno (run[\s\S]*?)```/.exec(text) ?? []
  const net = ['127.0.0.1:8787', 'mail.example.com:587', 'api.pwnedpasswords.com:443']
  const words = command.replaceAll('\\\n', ' ').trim().split(/\s+/)
  expect(words).toEqual([...runWith({ net, folder: '/var/lib/sparekey' }), 'sparekey.mjs'])
})
