/**
 * The mails of the service through a real Postfix, read in the Maildir that it
 * delivered them to.
 */
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aDelivery, aTask, LINK } from '../mail/smtp/a-task.ts'
import type { Task } from '../mail/smtp/task.ts'
import { startTransportHost, type TransportHost } from '../mail/smtp/transport-host.ts'
import { password, startPostfix, user, type Postfix } from './postfix.ts'

const mailboxes = ['ana', 'bo', 'cy', 'grey', 'full', 'bounced', 'josé', 'many'].map(
  (name) => `${name}@example.test`,
)

let postfix: Postfix
let host: TransportHost
beforeAll(async () => {
  postfix = await startPostfix([
    ...mailboxes,
    'ana@xn--exmple-cua.test',
    'no-reply@id.example.test',
  ])
  host = await startTransportHost()
})
afterAll(async () => {
  await host?.stop()
  await postfix?.[Symbol.asyncDispose]()
})

test.for(['starttls', 'implicit'] as const)(
  'the mail arrives with its link over %s',
  async (tls) => {
    const to = tls === 'starttls' ? 'ana@example.test' : 'bo@example.test'
    const { messages, stages } = await deliver({ tls, to: [to] })
    expect(messages).toMatchObject([{ ok: true, reply: { code: 250, enhanced: '2.0.0' } }])
    expect(stages).toContain('AUTH 235')
    const [raw = ''] = await arrived(to, 1)
    const mail = await PostalMime.parse(raw)
    expect(mail.text?.split('\n')).toContain(LINK)
    expect(mail.html).toContain(`href="${LINK}"`)
    expect(mail.subject).toBe('Passwort zurücksetzen 🗝️')
    expect(raw).toMatch(/^Return-Path: <no-reply@id\.example\.test>$/m)
    expect(raw).toMatch(/with ESMTPSA/)
  },
)

test('domains beyond ASCII and local parts beyond ASCII arrive', async () => {
  const { messages } = await deliver({ to: ['ana@exämple.test', 'josé@example.test'] })
  expect(messages).toMatchObject([{ ok: true }, { ok: true }])
  await arrived('ana@xn--exmple-cua.test', 1)
  await arrived('josé@example.test', 1)
})

describe('what Postfix refuses is told apart', () => {
  test('an unknown user: permanent, and the next message arrives', async () => {
    const { messages, usable } = await deliver({ to: ['nobody@example.test', 'cy@example.test'] })
    expect(messages).toMatchObject([
      { stage: 'RCPT', code: 550, enhanced: '5.1.1', permanent: true },
      { ok: true },
    ])
    expect(usable).toBe(true)
    await arrived('cy@example.test', 1)
  })

  test('a full mailbox', async () => {
    postfix.policy.full.add('full@example.test')
    const { messages } = await deliver({ to: ['full@example.test'] })
    expect(messages).toMatchObject([
      { stage: 'RCPT', code: 552, enhanced: '5.2.2', permanent: true },
    ])
    expect(await postfix.mailbox('full@example.test')).toEqual([])
  })

  test('greylisting: transient, and the second try arrives', async () => {
    postfix.policy.greylisted.add('grey@example.test')
    const { messages } = await deliver({ to: ['grey@example.test', 'grey@example.test'] })
    expect(messages).toMatchObject([
      { stage: 'RCPT', code: 450, enhanced: '4.2.0', permanent: false },
      { ok: true },
    ])
    await arrived('grey@example.test', 1)
  })

  test('a wrong password: about settings, so mail waits', async () => {
    const { opened } = await deliver({ to: ['ana@example.test'], password: 'wrong' })
    expect(opened).toMatchObject({ stage: 'AUTH', code: 535, enhanced: '5.7.8', permanent: false })
  })

  test('no log-in', async () => {
    const task = aTask({ port: postfix.submission, tls: 'starttls' })
    const { messages } = await host.run(task)
    expect(messages).toMatchObject([{ stage: 'RCPT', code: 554, permanent: true }])
  })
})

test('a bounce comes back to the sender, since it is asked for', async () => {
  const { messages } = await deliver({ to: ['bounced@example.test'] })
  expect(messages).toMatchObject([{ ok: true }])
  const [raw = ''] = await arrived('no-reply@id.example.test', 1)
  expect(raw).toMatch(/^Auto-Submitted: auto-replied$/m)
  expect(raw).toMatch(/^Status: 5\.1\.2$/m)
})

test('a restart in the middle of a batch costs no message', async () => {
  const ids = Array.from({ length: 400 }, (_, at) => `batch.${at}`)
  const [first] = await Promise.all([
    deliver({ to: ids.map(() => 'many@example.test'), ids }),
    restartAfter(20),
  ])
  const left = ids.filter((_, at) => first.messages[at]?.ok !== true)
  expect(left.length).toBeGreaterThan(0)
  expect(first.messages.filter(({ ok }) => !ok).every(({ permanent }) => permanent === false)).toBe(
    true,
  )
  const second = await deliver({ to: left.map(() => 'many@example.test'), ids: left })
  expect(second.messages.every(({ ok }) => ok)).toBe(true)
  const mails = await arrived('many@example.test', ids.length)
  const found = new Set(mails.map((raw) => /^Message-ID: <(.*)@/m.exec(raw)?.[1]))
  expect(found).toEqual(new Set(ids))
  expect(mails.length - ids.length).toBeLessThanOrEqual(1) // The one whose 250 was lost.
})

async function restartAfter(count: number): Promise<void> {
  await arrived('many@example.test', count)
  await postfix.stop()
  await postfix.start()
}

interface Deliveries {
  to: readonly string[]
  ids?: readonly string[]
  tls?: 'starttls' | 'implicit'
  password?: string
}

function deliver({ to, ids = [], tls = 'starttls', password: secret = password }: Deliveries) {
  const settings: Partial<Task['settings']> = { tls, username: user, password: secret }
  const port = tls === 'starttls' ? postfix.submission : postfix.smtps
  const subject = 'Passwort zurücksetzen 🗝️'
  const messages = to.map((address, at) =>
    aDelivery({ to: address, subject, messageId: ids[at] ?? `id.${at}` }),
  )
  return host.run(aTask({ port, ...settings }, { messages }))
}

/** The mails in a mailbox once there are so many; Postfix delivers behind its 250. */
async function arrived(address: string, count: number): Promise<string[]> {
  const mails = () => postfix.mailbox(address)
  await expect
    .poll(async () => (await mails()).length, { timeout: 20_000 })
    .toBeGreaterThanOrEqual(count)
  return mails()
}
