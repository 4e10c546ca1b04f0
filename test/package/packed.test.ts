/**
 * The package as a stranger installs it: packed, put into an empty project, and
 * used by its own names. Takes a minute and the registry, so only with FULL=1.
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
/** The certificates of vitest.config.ts are for workerd; npm wants those it has outside. */
const environment = { ...process.env, NODE_EXTRA_CA_CERTS: process.env['OUTER_CA_CERTS'] }
let project = ''

describe.runIf(process.env['FULL'])('the packed package', () => {
  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'sparekey-package-'))
    const pack = ['pack', '--silent', '--pack-destination', project]
    const { stdout } = await run('npm', pack, { env: environment, timeout: 60_000 })
    const tarball = join(project, stdout.trim().split('\n').at(-1) ?? '')
    await writeFile(join(project, 'package.json'), '{ "type": "module", "private": true }')
    const install = ['install', '--no-audit', '--no-fund', tarball, 'nodemailer']
    await run('npm', install, { cwd: project, env: environment, timeout: 120_000 })
  }, 180_000)

  afterAll(() => rm(project, { recursive: true, force: true }))

  test('gives a test its mail server by import', async () => {
    const script = `
      import { startMailServer } from 'sparekey/harness'
      import { createTransport } from 'nodemailer'
      await using mail = await startMailServer()
      const inbox = mail.inbox()
      const sender = createTransport({ host: mail.smtp.host, port: mail.smtp.port, ignoreTLS: true })
      await sender.sendMail({ from: 'a@example.test', to: inbox.address, text: 'Open https://example.test/x now' })
      sender.close()
      console.log((await inbox.next()).link())`
    await writeFile(join(project, 'use.js'), script)
    const { stdout } = await run(process.execPath, ['use.js'], { cwd: project })
    expect(stdout.trim()).toBe('https://example.test/x')
  })

  test('runs as npx sparekey mail', async () => {
    const env = { ...process.env, SMTP_PORT: '0', INBOX_PORT: '0' }
    const mail = spawn(join(project, 'node_modules/.bin/sparekey'), ['mail'], { cwd: project, env })
    const lines = new Map<string, string>()
    for await (const line of createInterface({ input: mail.stdout })) {
      const [name = '', value = ''] = line.split(' ')
      if (lines.set(name, value).size === 2) break
    }
    expect([...lines.keys()].toSorted()).toEqual(['inbox', 'smtp'])
    const answer = await fetch(`${lines.get('inbox')}/api/v1/messages`)
    expect(await answer.json()).toMatchObject({ total: 0 })
    mail.kill('SIGINT')
    expect(await once(mail, 'exit')).toEqual([0, null])
  })
})
