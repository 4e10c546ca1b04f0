/** RFC 2920: what goes out together, and what each of the replies to it means. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aDelivery, aTask, PASSWORD } from './a-task.ts'
import {
  type Action,
  bytewise,
  endless,
  hangUp,
  raw,
  reply,
  type Script,
  silence,
  startScriptedServer,
} from './scripted-server.ts'
import type { Task } from './task.ts'
import { certificates, startTransportHost, type TransportHost } from './transport-host.ts'

let host: TransportHost
beforeAll(async () => {
  host = await startTransportHost()
})
afterAll(() => host.stop())

const deadlines = { opening: 1_500, message: 1_500, dialogue: 3_000, closing: 500 }
const offers = { plain: ['STARTTLS', 'PIPELINING'], secure: ['PIPELINING', 'AUTH PLAIN'] }
const overTls = { tls: 'starttls', username: 'mailer', password: PASSWORD } as const

const commands = ['MAIL FROM:<no-reply@id.example.test>', 'RCPT TO:<ana@example.test>', 'DATA']
const allWell = ['250 2.1.0 Ok', '250 2.1.5 Ok', '354 Go']

describe('a server that offers PIPELINING', () => {
  test('gets MAIL, RCPT and DATA without answering any of them, message after message', async () => {
    const { seen, outcome } = await run({ stages: answeredAtOnce(allWell) })
    expect(outcome.messages).toMatchObject([{ ok: true, reply: { code: 250 } }, { ok: true }])
    expect(seen.commands).toEqual(['EHLO id.example.test', ...commands, ...commands, 'QUIT'])
    expect(outcome.stages).toEqual([
      ...['greeting 220', 'EHLO 250'],
      ...['MAIL 250', 'RCPT 250', 'DATA 354', 'message 250'],
      ...['MAIL 250', 'RCPT 250', 'DATA 354', 'message 250'],
      'QUIT 221',
    ])
  })

  test('gets them so over TLS', async () => {
    const script = { stages: answeredAtOnce(allWell), tls: certificates }
    const { outcome } = await run(script, overTls)
    expect(outcome.messages).toMatchObject([{ ok: true }, { ok: true }])
  })

  test('may answer in as many pieces as it likes', async () => {
    const { outcome } = await run({ stages: answeredAtOnce(allWell, bytewise) })
    expect(outcome.messages).toMatchObject([{ ok: true }, { ok: true }])
  })
})

test.for<{ where: string; offers: Script['offers'] & {}; settings?: typeof overTls }>([
  { where: 'does not offer it', offers: { plain: ['DSN'] } },
  {
    where: 'offers it before TLS only',
    offers: { ...offers, secure: ['AUTH PLAIN'] },
    settings: overTls,
  },
])(
  'a server that $where is waited for at each command',
  async ({ offers: offered, settings = {} }) => {
    const script = { offers: offered, stages: { MAIL: [silence] }, tls: certificates }
    const { seen, outcome } = await run(script, settings)
    expect(outcome.messages).toMatchObject([{ stage: 'MAIL', trouble: 'silent' }, { ok: false }])
    expect(seen.commands).toContain(commands[0])
    expect(seen.commands).not.toContain(commands[1])
  },
)

test.for([
  { stage: 'MAIL', lines: ['550 5.7.1 Not you', '503 5.5.1 MAIL first', '503 5.5.1 MAIL first'] },
  { stage: 'RCPT', lines: ['250 2.1.0 Ok', '550 5.1.1 Nobody', '554 5.5.1 No valid recipients'] },
  { stage: 'RCPT', lines: ['250 2.1.0 Ok', '450 4.2.0 Greylisted', '503 5.5.1 RCPT first'] },
  { stage: 'DATA', lines: ['250 2.1.0 Ok', '250 2.1.5 Ok', '451 4.3.0 Try later'] },
])('$lines is a refusal at $stage, and costs one message', async ({ stage, lines }) => {
  // Whoever was refused waits from then on: of what follows a refusal in a group, each would count as an error.
  const stages = { MAIL: [silence, null], RCPT: [silence, null], DATA: [reply(...lines), null] }
  const { seen, outcome } = await run({ stages })
  const [code, enhanced] = lines.find((line) => /^[45]/.test(line))?.split(' ') ?? []
  expect(outcome.messages).toMatchObject([
    { stage, code: Number(code), enhanced, permanent: code?.startsWith('5') },
    { ok: true },
  ])
  expect(outcome.usable).toBe(true)
  expect(outcome.stages.slice(-5)).toEqual([
    ...['MAIL 250', 'RCPT 250', 'DATA 354', 'message 250'],
    'QUIT 221',
  ])
  expect(seen.commands).toEqual([
    ...['EHLO id.example.test', ...commands, 'RSET'],
    ...[...commands, 'QUIT'],
  ])
})

test.for([
  { stage: 'MAIL', code: 550, lines: ['550 5.7.1 Not you', '250 2.1.5 Ok', '354 Go'] },
  { stage: 'RCPT', code: 450, lines: ['250 2.1.0 Ok', '450 4.2.0 Later', '354 Go'] },
])(
  'of a message refused at $stage nothing is written to a server that wants it all the same',
  async ({ stage, code, lines }) => {
    const { seen, outcome } = await run({ stages: answeredAtOnce(lines) })
    expect(outcome.messages).toMatchObject([
      { stage, code, permanent: code >= 500 },
      { trouble: 'closed', permanent: false },
    ])
    expect(outcome.usable).toBe(false)
    expect(seen.plain.endsWith('DATA\r\n')).toBe(true)
  },
)

const faults: readonly { fault: string; action: Action; stage: string; trouble: string }[] = [
  { fault: '421', action: reply('421 4.3.2 Bye'), stage: 'MAIL', trouble: 'refused' },
  {
    fault: '421 and the end',
    action: hangUp('421 4.3.2 Bye\r\n'),
    stage: 'MAIL',
    trouble: 'refused',
  },
  { fault: 'the end', action: hangUp(), stage: 'MAIL', trouble: 'closed' },
  { fault: 'nothing', action: silence, stage: 'MAIL', trouble: 'silent' },
  { fault: 'one reply', action: reply('250 Ok'), stage: 'RCPT', trouble: 'silent' },
  { fault: 'two replies', action: reply('250 Ok', '250 Ok'), stage: 'DATA', trouble: 'silent' },
  { fault: 'half a reply', action: raw('250 Ok\r\n250-O'), stage: 'RCPT', trouble: 'silent' },
  {
    fault: 'two replies and the end',
    action: hangUp('250 Ok\r\n250 Ok\r\n'),
    stage: 'DATA',
    trouble: 'closed',
  },
  {
    fault: 'a reply too many',
    action: reply('250 Ok', ...allWell),
    stage: 'DATA',
    trouble: 'malformed',
  },
  {
    fault: 'a reply before the message',
    action: reply(...allWell, '250 Ok'),
    stage: 'DATA',
    trouble: 'malformed',
  },
  {
    fault: 'replies without end',
    action: endless('250-x\r\n'.repeat(99)),
    stage: 'MAIL',
    trouble: 'malformed',
  },
  { fault: 'no SMTP', action: reply('HTTP/1.1 400 Bad'), stage: 'MAIL', trouble: 'malformed' },
]

test.concurrent.for(faults)(
  '$fault in answer to all three fails the message at $stage, and another one may wait',
  async ({ action, stage, trouble }) => {
    const { outcome } = await run({ stages: { ...answeredAtOnce([]), DATA: [action] } })
    expect(outcome.messages).toMatchObject([
      { stage, trouble, permanent: false },
      { ok: false, permanent: false },
    ])
    expect(outcome.usable).toBe(false)
  },
)

/** A server that says nothing to MAIL and RCPT, and all of these lines to DATA: whoever waits for it waits in vain. */
function answeredAtOnce(lines: readonly string[], how = reply): Script['stages'] & {} {
  return { MAIL: [silence], RCPT: [silence], DATA: [how(...lines)] }
}

/** Two messages to a server that offers PIPELINING. */
async function run(script: Script, settings: Partial<Task['settings']> = {}) {
  const server = await startScriptedServer({ offers, ...script })
  try {
    const messages = [aDelivery(), aDelivery()]
    const task = aTask({ port: server.port, ...settings }, { deadlines, messages })
    return { outcome: await host.run(task), seen: server.seen }
  } finally {
    await server.stop()
  }
}
