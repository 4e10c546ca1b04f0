import { describe, expect } from 'vitest'
import { MessageTimeoutError, type MailServer } from '../../harness/index.ts'
import { mailSerializer, test } from '../../harness/vitest.ts'
import './setup.ts'
import { deliver, deliverAs } from './deliver.ts'

describe('next', () => {
  test('gives a mail that came before it was asked for', async ({ mail, inbox }) => {
    await deliver(mail, { to: inbox.address, subject: 'First' })
    expect(await inbox.next()).toMatchMail('First')
  })

  test('gives each mail once, in the order of arrival', async ({ mail, inbox }) => {
    await deliver(mail, { to: inbox.address, subject: 'One' })
    await deliver(mail, { to: inbox.address, subject: 'Two' })
    expect((await inbox.next()).subject).toBe('One')
    expect((await inbox.next()).subject).toBe('Two')
    await inbox.none({ for: 20 })
  })

  test('gives two who wait at once a mail each', async ({ mail, inbox }) => {
    const waits = Promise.all([inbox.next(), inbox.next()])
    await deliver(mail, { to: inbox.address, subject: 'One' })
    await deliver(mail, { to: inbox.address, subject: 'Two' })
    expect((await waits).map(({ subject }) => subject)).toEqual(['One', 'Two'])
  })

  test('leaves what does not fit for another', async ({ mail, inbox }) => {
    await deliver(mail, { to: inbox.address, subject: 'Welcome' })
    await deliver(mail, { to: inbox.address, subject: 'Reset' })
    expect((await inbox.next({ subject: /^reset$/i })).subject).toBe('Reset')
    expect((await inbox.next()).subject).toBe('Welcome')
  })

  test('fits by every field there is', async ({ mail, inbox }) => {
    await deliver(mail, {
      to: inbox.address,
      subject: 'A',
      text: 'body',
      headers: { 'X-Kind': 'b' },
    })
    const before = new Date(0)
    const filter = {
      subject: 'a',
      from: 'service@',
      to: inbox.address,
      body: /BODY/i,
      header: { 'x-kind': 'b' },
      since: before,
      where: ({ attachments }: { attachments: unknown[] }) => attachments.length === 0,
    }
    expect(await inbox.next(filter)).toMatchMail(filter)
  })

  test('takes a mail as the point after which others must come', async ({ mail, inbox }) => {
    await deliver(mail, { to: inbox.address, subject: 'Old' })
    await deliver(mail, { to: inbox.address, subject: 'New' })
    const old = await inbox.next('Old', { consume: false })
    expect((await inbox.next({ since: old })).subject).toBe('New')
  })

  test('has the sender know first: the 250 is written before it resolves', async ({
    mail,
    inbox,
  }) => {
    const sent = deliver(mail, { to: inbox.address })
    const { session } = await inbox.next()
    const said = mail.transcript(session)?.lines.map(({ text }) => text) ?? []
    expect(said.at(-1)).toMatch(/^250 2\.\d\.0 OK: message queued$/)
    await sent
  })

  test('ends when its signal does', async ({ inbox }) => {
    const controller = new AbortController()
    const wait = inbox.next({}, { signal: controller.signal })
    controller.abort(new Error('The test is over'))
    await expect(wait).rejects.toThrow('The test is over')
    expect(() => inbox.next({}, { signal: controller.signal })).toThrow('The test is over')
  })

  test('tells what did arrive, what SMTP refused and where to look, when time is out', async ({
    mail,
    inbox,
  }) => {
    const other = mail.inbox()
    inbox.fail({ at: 'rcpt', code: 550, text: '5.1.1 No such user', times: 1 })
    inbox.fail({ at: 'data', code: 451 })
    await expect(deliver(mail, { to: inbox.address })).rejects.toThrow('No such user')
    inbox.heal()
    inbox.fail({ at: 'starttls', code: 454 })
    await deliver(mail, { to: inbox.address, subject: 'Taken' })
    await inbox.next('Taken')
    await deliver(mail, { to: inbox.address, subject: 'Welcome' })
    await deliver(mail, { to: other.address, subject: 'Not ours' })
    const error = await inbox.next({ subject: /reset/i }, { timeout: 30 }).catch(String)
    expect(error).toContain(
      `Waited 30 ms for a message with { subject: /reset/i } in ${inbox.address}`,
    )
    expect(error).toContain('subject is "Welcome"')
    expect(error).toContain('Already taken:\n  "Taken"')
    expect(error).toContain(`"Not ours" to ${other.address}`)
    expect(error).toContain(`RCPT TO:<${inbox.address}> → 550 5.1.1 No such user`)
    expect(error).toContain('Staged but not met:\n  starttls: reply 454')
    expect(error).toContain(`Look: ${mail.url}`)
  })

  test('throws an error that carries the evidence', async ({ inbox }) => {
    const error = await inbox.next('x', { timeout: 5 }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(MessageTimeoutError)
  })
})

describe('an inbox', () => {
  test('has an address nobody else has', ({ mail }) => {
    const addresses = Array.from({ length: 500 }, () => mail.inbox().address)
    expect(new Set(addresses).size).toBe(500)
  })

  test('of a given address is the same whenever it is asked for', ({ mail }) => {
    expect(mail.inbox('Ada@Example.COM')).toBe(mail.inbox('ada@example.com'))
    expect(mail.inbox('grace').address).toBe('grace@example.test')
  })

  test('holds what came before it was asked for', async ({ mail }) => {
    await deliver(mail, { to: 'early@example.com', subject: 'Early' })
    expect((await mail.inbox('early@example.com').next()).subject).toBe('Early')
  })

  test('receives by envelope recipient, whatever the case and the tag, also when blind', async ({
    mail,
    inbox,
  }) => {
    const [local, domain] = inbox.address.split('@')
    await deliver(mail, { to: `${local}+tag@${domain?.toUpperCase()}`, subject: 'Tagged' })
    await deliver(mail, { to: 'x@example.com', bcc: inbox.address, subject: 'Blind' })
    expect((await inbox.next('Tagged')).envelope.to).toEqual([expect.stringContaining('+tag@')])
    expect((await inbox.next('Blind')).envelope.to).toContain(inbox.address)
  })

  test('receives what is sent with its credentials, to whomever', async ({ mail, inbox }) => {
    await deliverAs(mail, inbox.credentials, { to: 'customer@example.com', subject: 'By AUTH' })
    expect((await inbox.next()).auth).toEqual({ user: inbox.credentials.user, method: 'PLAIN' })
  })

  test('refuses a wrong password for its user', async ({ mail, inbox }) => {
    const wrong = { user: inbox.credentials.user, pass: 'wrong' }
    await expect(deliverAs(mail, wrong, { to: inbox.address })).rejects.toThrow(/535/)
    await inbox.none({ for: 10 })
  })

  test('leaves to `unclaimed` what nobody asked for', async ({ mail }) => {
    await deliver(mail, { to: 'nobody-asked@example.com', subject: 'Lost' })
    expect((await mail.unclaimed.next('Lost')).envelope.to).toEqual(['nobody-asked@example.com'])
  })

  test('with a port of its own receives whatever comes through', async ({ mail, inbox }) => {
    const door = await inbox.open()
    await deliver({ smtp: door }, { to: 'whoever@example.com', subject: 'Through the door' })
    expect(await inbox.next()).toMatchMail('Through the door')
    await mail.unclaimed.none({ for: 5, filter: 'Through the door' })
  })
})

describe('none, count and during', () => {
  test('none throws as soon as something comes', async ({ mail, inbox }) => {
    const thrown = expect(inbox.none({ for: 60_000 })).rejects.toThrow('Expected nothing')
    await deliver(mail, { to: inbox.address, subject: 'Surprise' })
    await thrown
    expect((await inbox.next()).subject).toBe('Surprise')
  })

  test('count takes as many as asked for', async ({ mail, inbox }) => {
    const both = inbox.count(2)
    await deliver(mail, { to: inbox.address, subject: 'One' })
    await deliver(mail, { to: inbox.address, subject: 'Two' })
    expect((await both).map(({ subject }) => subject)).toEqual(['One', 'Two'])
  })

  test('count of one too many says what is missing', async ({ mail, inbox }) => {
    await deliver(mail, { to: inbox.address, subject: 'One' })
    await expect(inbox.count(2, { timeout: 20 })).rejects.toThrow('Already taken:\n  "One"')
  })

  test('during gives what an action caused, and leaves what was there', async ({ mail, inbox }) => {
    await deliver(mail, { to: inbox.address, subject: 'Before' })
    const [message] = await inbox.during(() =>
      deliver(mail, { to: inbox.address, subject: 'During' }),
    )
    expect(message?.subject).toBe('During')
    expect((await inbox.waiting()).map(({ subject }) => subject)).toEqual(['Before'])
  })

  test('during waits for a mail that leaves after the action is over', async ({ mail, inbox }) => {
    const later: Promise<unknown>[] = []
    const messages = await inbox.during(() => {
      later.push(deliver(mail, { to: inbox.address, subject: 'Later' }))
    })
    expect(messages.map(({ subject }) => subject)).toEqual(['Later'])
    await Promise.all(later)
  })
})

describe('matchers', () => {
  test('toReceive takes a mail, or says why there is none', async ({ mail, inbox }) => {
    await deliver(mail, { to: inbox.address, subject: 'Reset' })
    await expect(inbox).toReceive({ subject: 'Reset' })
    await expect(expect(inbox).toReceive('Reset', { timeout: 5 })).rejects.toThrow('Already taken')
  })

  test('toHaveLink and toHaveCode read like the message does', async ({ mail, inbox }) => {
    await deliver(mail, {
      to: inbox.address,
      text: 'Your code is 123456, or http://localhost/reset?t=1',
    })
    const message = await inbox.next()
    expect(message).toHaveLink('/reset?')
    expect(message).not.toHaveLink('/register')
    expect(message).toHaveCode('123456')
    expect(message).not.toHaveCode('654321')
  })
})

test('a snapshot of a message is the same in every run', async ({ mail, inbox }) => {
  const snapshot = async (n: number) => {
    await deliver(mail, {
      to: inbox.address,
      subject: 'Reset your password',
      text: `http://localhost:${4000 + n}/reset_password/eyJhbGciOi${n}.eyJz${n}.c2ln${n}\nCode: 12345${n}`,
    })
    return mailSerializer.serialize(await inbox.next())
  }
  expect(await snapshot(1)).toBe(await snapshot(2))
  expect(await snapshot(3)).toMatchInlineSnapshot(`
    "From: service@example.test
    To: <recipient>
    Subject: Reset your password
    --- text
    http://localhost:<port>/reset_password/<token>
    Code: <code>"
  `)
})

test('an inbox does not see the mails of another', async ({ mail, inbox }) => {
  await sendToAnother(mail)
  await inbox.none({ for: 10 })
})

async function sendToAnother(mail: MailServer) {
  await deliver(mail, { to: mail.inbox().address })
}
