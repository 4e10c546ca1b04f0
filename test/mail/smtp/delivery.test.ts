import PostalMime from 'postal-mime'
import type { SMTPServerOptions } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aDelivery, aTask, LINK, PASSWORD } from './a-task.ts'
import { startMailbox } from './mailbox.ts'
import { certificates, startTransportHost, type TransportHost } from './transport-host.ts'

let host: TransportHost
beforeAll(async () => {
  host = await startTransportHost()
})
afterAll(() => host.stop())

const { cert, key } = certificates
const login: Pick<SMTPServerOptions, 'onAuth'> = {
  onAuth({ username, password }, _session, callback) {
    if (username === 'mailer' && password === PASSWORD) callback(null, { user: 'mailer' })
    else callback(new Error('Invalid login'))
  },
}

const ways = [
  { way: 'plain', tls: 'none', options: {} },
  { way: 'STARTTLS', tls: 'starttls', options: { cert, key } },
  { way: 'implicit TLS', tls: 'implicit', options: { cert, key, secure: true } },
] as const

test.for(ways)('a message arrives over $way on loopback', async ({ tls, options }) => {
  const mailbox = await startMailbox({ ...options, ...login, allowInsecureAuth: true })
  const outcome = await host.run(
    aTask({ port: mailbox.port, tls, username: 'mailer', password: PASSWORD }),
  )
  await mailbox.stop()
  expect(outcome.messages).toMatchObject([{ ok: true, reply: { code: 250 } }])
  expect(mailbox.letters).toMatchObject([{ secure: tls !== 'none', user: 'mailer' }])
  const mail = await PostalMime.parse(mailbox.letters[0]?.raw ?? '')
  expect(mail.text?.split('\n')).toContain(LINK)
})

test('one connection carries many messages', async () => {
  const mailbox = await startMailbox()
  const messages = Array.from({ length: 20 }, (_, at) => aDelivery({ messageId: `m${at}` }))
  const outcome = await host.run(aTask({ port: mailbox.port }, { messages }))
  await mailbox.stop()
  expect(outcome.messages.every(({ ok }) => ok)).toBe(true)
  expect(mailbox.letters).toHaveLength(20)
})
