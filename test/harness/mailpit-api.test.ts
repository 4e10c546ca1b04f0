import { once } from 'node:events'
import { createServer } from 'node:http'
import { MailpitClient } from 'mailpit-api'
import { beforeEach, describe, expect } from 'vitest'
import { WebSocket } from 'ws'
import { startMailServer } from '../../harness/index.ts'
import { test as base } from '../../harness/vitest.ts'
import './setup.ts'
import { deliver } from './deliver.ts'

const test = base.extend('mailpit', ({ mail }) => new MailpitClient(mail.url))

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
)

const everything = {
  From: { Email: 'ada@example.test', Name: 'Ada' },
  To: [{ Email: 'grace@example.test', Name: 'Grace' }],
  Cc: [{ Email: 'alan@example.test' }],
  Bcc: ['hidden@example.test'],
  ReplyTo: [{ Email: 'reply@example.test' }],
  Subject: 'Wëlcome',
  Text: 'Some text',
  HTML: '<p style="display:flex">Some <a href="https://example.test/x">HTML</a> <img src="cid:logo"></p>',
  Headers: { 'X-Kind': 'greeting' },
  Tags: ['First Tag', 'second'],
  Attachments: [
    { Filename: 'note.txt', Content: Buffer.from('A note').toString('base64') },
    {
      Filename: 'logo.png',
      Content: pixel.toString('base64'),
      ContentType: 'image/png',
      ContentID: 'logo',
    },
  ],
}

describe('the client mailpit-api, unchanged', () => {
  beforeEach(async ({ mailpit }: { mailpit: MailpitClient }) => {
    await mailpit.deleteMessages()
    await mailpit.setChaosTriggers()
  })

  test('sendMessage, getMessageSummary: a message comes back as it was sent', async ({
    mailpit,
  }) => {
    const { ID } = await mailpit.sendMessage(everything)
    expect(await mailpit.getMessageSummary(ID)).toMatchObject({
      ID,
      From: { Address: 'ada@example.test', Name: 'Ada' },
      To: [{ Address: 'grace@example.test', Name: 'Grace' }],
      Cc: [{ Address: 'alan@example.test', Name: '' }],
      Bcc: [{ Address: 'hidden@example.test', Name: '' }],
      ReplyTo: [{ Address: 'reply@example.test', Name: '' }],
      ReturnPath: 'ada@example.test',
      Subject: 'Wëlcome',
      Text: expect.stringContaining('Some text'),
      HTML: `${everything.HTML}\n`,
      Tags: ['First Tag', 'second'],
      Attachments: [{ FileName: 'note.txt', Size: 6 }],
      Inline: [{ FileName: 'logo.png', ContentID: 'logo', ContentType: 'image/png' }],
      ListUnsubscribe: { Header: '', Links: [], Errors: '' },
    })
  })

  test('getMessageSummary defaults to the latest, and marks it as read', async ({
    mail,
    mailpit,
  }) => {
    await deliver(mail, { to: 'a@example.test', subject: 'Old' })
    await deliver(mail, { to: 'a@example.test', subject: 'New' })
    expect((await mailpit.getMessageSummary()).Subject).toBe('New')
    expect(await mailpit.listMessages()).toMatchObject({ total: 2, unread: 1 })
  })

  test('getMessageHeaders gives every field as a list', async ({ mailpit }) => {
    await mailpit.sendMessage(everything)
    const headers = await mailpit.getMessageHeaders()
    expect(headers).toMatchObject({ 'X-Kind': ['greeting'], 'Mime-Version': ['1.0'] })
    expect(Object.keys(headers)).toContain('Message-Id')
  })

  test('getMessageSource gives the bytes', async ({ mailpit }) => {
    await mailpit.sendMessage(everything)
    expect(await mailpit.getMessageSource()).toMatch(/^X-Kind: greeting\r\n/)
  })

  test('getMessageAttachment and getAttachmentThumbnail give a part and its picture', async ({
    mailpit,
  }) => {
    await mailpit.sendMessage(everything)
    const { ID, Attachments, Inline } = await mailpit.getMessageSummary()
    const note = await mailpit.getMessageAttachment(ID, Attachments[0]?.PartID ?? '')
    expect([note.type, await note.text()]).toEqual(['text/plain', 'A note'])
    for (const { PartID } of [...Attachments, ...Inline]) {
      const thumbnail = await mailpit.getAttachmentThumbnail(ID, PartID)
      const bytes = Buffer.from(await thumbnail.arrayBuffer())
      expect([thumbnail.type, bytes.readUInt16BE(0)]).toEqual(['image/jpeg', 0xff_d8])
    }
  })

  test('releaseMessage answers as Mailpit does without a relay', async ({ mailpit }) => {
    await mailpit.sendMessage(everything)
    await expect(mailpit.releaseMessage('latest', { To: ['a@example.test'] })).rejects.toThrow(
      '404',
    )
    expect((await mailpit.getConfiguration()).MessageRelay.Enabled).toBe(false)
  })

  test('spamAssassinCheck answers as Mailpit does without SpamAssassin', async ({ mailpit }) => {
    await mailpit.sendMessage(everything)
    await expect(mailpit.spamAssassinCheck()).rejects.toThrow('404')
    expect((await mailpit.getConfiguration()).SpamAssassin).toBe(false)
  })

  test('listMessages turns pages, newest first', async ({ mail, mailpit }) => {
    for (const subject of ['1', '2', '3']) await deliver(mail, { to: 'a@example.test', subject })
    const page = await mailpit.listMessages(1, 1)
    expect(page).toMatchObject({ total: 3, messages_count: 3, count: 1, start: 1 })
    expect(page.messages).toMatchObject([
      { Subject: '2', Read: false, Snippet: 'Hello', Attachments: 0 },
    ])
  })

  test('setReadStatus marks all, some, or what a search finds', async ({ mail, mailpit }) => {
    await deliver(mail, { to: 'a@example.test', subject: 'One' })
    await deliver(mail, { to: 'a@example.test', subject: 'Two' })
    const unread = async () =>
      (await mailpit.searchMessages({ query: 'is:unread' })).messages.map(({ Subject }) => Subject)
    expect(await mailpit.setReadStatus({ Read: true })).toBe('ok')
    expect(await unread()).toEqual([])
    await mailpit.setReadStatus({ Read: false, Search: 'subject:one' })
    expect(await unread()).toEqual(['One'])
    const { messages } = await mailpit.listMessages()
    await mailpit.setReadStatus({ Read: false, IDs: messages.map(({ ID }) => ID) })
    expect(await unread()).toEqual(['Two', 'One'])
    await expect(mailpit.setReadStatus({ IDs: ['x'], Search: 'y' })).rejects.toThrow('400')
  })

  test('deleteMessages deletes some, or all', async ({ mail, mailpit }) => {
    await deliver(mail, { to: 'a@example.test', subject: 'One' })
    await deliver(mail, { to: 'a@example.test', subject: 'Two' })
    const { ID } = await mailpit.getMessageSummary()
    expect(await mailpit.deleteMessages({ IDs: [ID] })).toBe('ok')
    expect((await mailpit.listMessages()).messages.map(({ Subject }) => Subject)).toEqual(['One'])
    await mailpit.deleteMessages()
    expect((await mailpit.listMessages()).total).toBe(0)
  })

  test('deleteMessagesBySearch deletes what a search finds', async ({ mail, mailpit }) => {
    await deliver(mail, { to: 'a@example.test', subject: 'One' })
    await deliver(mail, { to: 'a@example.test', subject: 'Two' })
    expect(await mailpit.deleteMessagesBySearch({ query: 'subject:two' })).toBe('ok')
    expect((await mailpit.listMessages()).total).toBe(1)
  })

  test('waitForMessage and waitForMessages find what comes while they wait', async ({
    mail,
    mailpit,
  }) => {
    const waiting = mailpit.waitForMessage({ query: 'subject:Reset' }, { interval: 10 })
    await deliver(mail, { to: 'a@example.test', subject: 'Reset' })
    expect((await waiting).Subject).toBe('Reset')
    expect((await mailpit.waitForMessages({ query: 'subject:Reset', count: 1 })).count).toBe(1)
    expect((await mailpit.waitForMessages({ count: 1 })).total).toBe(1)
  })

  test('htmlCheck knows what mail clients cannot show', async ({ mailpit }) => {
    await mailpit.sendMessage(everything)
    const { Warnings, Total, Platforms } = await mailpit.htmlCheck()
    const flex = Warnings.find(({ Slug }) => Slug === 'css-display-flex')
    expect(flex).toMatchObject({ Title: 'display:flex', Category: 'css', Score: { Found: 1 } })
    expect(flex?.Results.map(({ Support }) => Support)).toContain('no')
    expect(Total.Supported + Total.Partial + Total.Unsupported).toBeCloseTo(100)
    expect(Object.keys(Platforms)).toContain('ios')
  })

  test('linkCheck asks for each link by HEAD, and follows when told to', async ({ mailpit }) => {
    const asked: string[] = []
    const site = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response
        .writeHead(request.url === '/moved' ? 302 : request.url === '/ok' ? 200 : 404, {
          Location: '/ok',
        })
        .end()
    }).listen(0, '127.0.0.1')
    await once(site, 'listening')
    const address = site.address()
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
    await mailpit.sendMessage({
      ...everything,
      HTML: '',
      Text: `${origin}/ok ${origin}/moved ${origin}/gone`,
    })
    expect(asked).toEqual([])
    expect(await mailpit.linkCheck()).toEqual({
      Errors: 1,
      Links: [
        { URL: `${origin}/gone`, StatusCode: 404, Status: 'Not Found' },
        { URL: `${origin}/moved`, StatusCode: 302, Status: 'Found' },
        { URL: `${origin}/ok`, StatusCode: 200, Status: 'OK' },
      ],
    })
    expect(new Set(asked)).toEqual(new Set(['HEAD /ok', 'HEAD /moved', 'HEAD /gone']))
    const followed = await mailpit.linkCheck('latest', true)
    expect(followed.Links.find(({ URL }) => URL.endsWith('/moved'))?.StatusCode).toBe(200)
    site.close()
  })

  test('getTags, setTags, renameTag, deleteTag', async ({ mailpit }) => {
    const { ID } = await mailpit.sendMessage(everything)
    expect(await mailpit.getTags()).toEqual(['First Tag', 'second'])
    await mailpit.setTags({ IDs: [ID], Tags: ['a/b', 'two words'] })
    expect((await mailpit.getMessageSummary(ID)).Tags).toEqual(['ab', 'two words'])
    await mailpit.renameTag('two words', 'new')
    expect(await mailpit.getTags()).toEqual(['ab', 'new'])
    await mailpit.deleteTag('ab')
    expect((await mailpit.searchMessages({ query: 'tag:new' })).messages_count).toBe(1)
    await mailpit.setTags({ IDs: [ID] })
    expect(await mailpit.getTags()).toEqual([])
  })

  test('getChaosTriggers and setChaosTriggers fail mail by chance, certain chance here', async ({
    mail,
    mailpit,
  }) => {
    expect(await mailpit.getChaosTriggers()).toMatchObject({
      Sender: { ErrorCode: 451, Probability: 0 },
    })
    await mailpit.setChaosTriggers({ Recipient: { ErrorCode: 421, Probability: 100 } })
    await expect(deliver(mail, { to: 'a@example.test' })).rejects.toThrow('421')
    await mailpit.setChaosTriggers()
    await deliver(mail, { to: 'a@example.test' })
    const wrong = mailpit.setChaosTriggers({ Sender: { ErrorCode: 200, Probability: 1 } })
    await expect(wrong).rejects.toThrow('between 400 and 599')
  })

  test('renderMessageHTML and renderMessageText give the parts alone', async ({ mailpit }) => {
    const { ID } = await mailpit.sendMessage(everything)
    expect(await mailpit.renderMessageHTML()).toContain(`<img src="/api/v1/message/${ID}/part/1">`)
    expect(await mailpit.renderMessageHTML(ID, 1)).toContain('target="_blank"')
    expect(await mailpit.renderMessageText()).toContain('Some text')
  })

  test('getInfo and getConfiguration tell what is there', async ({ mail, mailpit }) => {
    await deliver(mail, { to: 'a@example.test', headers: { 'X-Tags': 'one' } })
    const info = await mailpit.getInfo()
    expect(info).toMatchObject({ Messages: 1, Unread: 1, Tags: { one: 1 } })
    expect(info.RuntimeStats.SMTPAccepted).toBeGreaterThan(0)
    expect((await mailpit.getConfiguration()).ChaosEnabled).toBe(true)
  })

  test('an unknown id, a bad query and a bad body are refused in words', async ({
    mail,
    mailpit,
  }) => {
    await expect(mailpit.getMessageSummary('nothing')).rejects.toThrow('404')
    await expect(mailpit.searchMessages({ query: ' ' })).rejects.toThrow('400')
    await expect(mailpit.sendMessage({ ...everything, To: [{ Email: 'x' }] })).rejects.toThrow(
      'invalid To address: x',
    )
    await expect(mailpit.sendMessage({ ...everything, Headers: { Subject: 'x' } })).rejects.toThrow(
      'cannot overwrite header',
    )
    const broken = await fetch(`${mail.url}/api/v1/send`, { method: 'POST', body: '{' })
    expect([broken.status, await broken.json()]).toEqual([400, { Error: expect.any(String) }])
  })
})

describe('the search', () => {
  test.for([
    ['welcome', true],
    ['"dear grace"', true],
    ['"grace dear"', false],
    ['-welcome', false],
    ['!nothing', true],
    ['subject:welcome from:ada', true],
    ['to:grace@example.test', true],
    ['to:ada', false],
    ['cc:alan', true],
    ['bcc:hidden', true],
    ['reply-to:reply', true],
    ['addressed:hidden', true],
    ['-addressed:nobody', true],
    ['message-id:search-1', true],
    ['tag:greeting', true],
    ['-tag:greeting', false],
    ['is:unread', true],
    ['is:read', false],
    ['is:tagged', true],
    ['has:attachment', true],
    ['has:inline', false],
    ['larger:1k', false],
    ['smaller:1mb', true],
    ['after:2020-01-01', true],
    ['before:2020-01-01', false],
    ['-before:2020-01-01', true],
    ['after:nonsense', true],
    ['note.txt', true],
    ['***', true],
  ] as const)('%s finds it: %s', async ([query, finds]) => {
    await using mail = await startMailServer()
    const mailpit = new MailpitClient(mail.url)
    await deliver(mail, {
      from: 'Ada <ada@example.test>',
      to: 'Grace <grace@example.test>',
      cc: 'alan@example.test',
      bcc: 'hidden@example.test',
      replyTo: 'reply@example.test',
      subject: 'Welcome',
      text: 'Dear\nGrace',
      messageId: '<search-1@example.test>',
      headers: { 'X-Tags': 'greeting' },
      attachments: [{ filename: 'note.txt', content: 'x' }],
    })
    expect((await mailpit.searchMessages({ query })).messages_count).toBe(finds ? 1 : 0)
  })

  test('reads dates in the zone it is given', async ({ mail }) => {
    const mailpit = new MailpitClient(mail.url)
    await deliver(mail, { to: 'zone@example.test' })
    const hour = 60 * 60 * 1000
    const local = new Date(Date.now() + 14 * hour - 60_000).toISOString().slice(0, 16)
    const query = `to:zone@example.test after:"${local.replace('T', ' ')}"`
    expect((await mailpit.searchMessages({ query, tz: 'Pacific/Kiritimati' })).messages_count).toBe(
      1,
    )
    expect((await mailpit.searchMessages({ query, tz: 'UTC' })).messages_count).toBe(0)
  })
})

describe('/api/events', () => {
  test('tells of new, read and deleted messages, as Mailpit does', async () => {
    await using mail = await startMailServer()
    const mailpit = new MailpitClient(mail.url)
    const socket = new WebSocket(`${mail.url.replace('http', 'ws')}/api/events`)
    const events: { Type: string; Data: unknown }[] = []
    socket.on('message', (data: Buffer) => events.push(JSON.parse(data.toString())))
    await once(socket, 'open')
    const until = async (count: number) => {
      while (events.length < count) await once(socket, 'message')
    }
    const { ID } = await mailpit.sendMessage(everything)
    await until(2)
    await mailpit.getMessageSummary(ID)
    await until(4)
    await mailpit.deleteMessages({ IDs: [ID] })
    await until(6)
    await mailpit.deleteMessages()
    await until(8)
    expect(events).toMatchObject([
      { Type: 'new', Data: { ID, Subject: 'Wëlcome', Read: false } },
      { Type: 'stats', Data: { Total: 1, Unread: 1 } },
      { Type: 'update', Data: { ID, Read: true } },
      { Type: 'stats', Data: { Total: 1, Unread: 0 } },
      { Type: 'delete', Data: { ID } },
      { Type: 'stats', Data: { Total: 0, Unread: 0 } },
      { Type: 'truncate', Data: null },
      { Type: 'stats', Data: { Total: 0, Unread: 0 } },
    ])
  })
})

test('basic auth lets in who knows the password, and nobody else', async () => {
  await using mail = await startMailServer({ inboxAuth: 'ada:secret' })
  const auth = { username: 'ada', password: 'secret' }
  expect(await new MailpitClient(mail.url, { auth }).getTags()).toEqual([])
  const wrong = { username: 'ada', password: 'wrong' }
  await expect(new MailpitClient(mail.url, { auth: wrong }).getTags()).rejects.toThrow('401')
  const bare = await fetch(mail.url)
  expect([bare.status, bare.headers.get('WWW-Authenticate')]).toEqual([401, 'Basic realm="Login"'])
  const socket = new WebSocket(`${mail.url.replace('http', 'ws')}/api/events`)
  const [error] = await once(socket, 'error')
  expect(String(error)).toContain('401')
})
