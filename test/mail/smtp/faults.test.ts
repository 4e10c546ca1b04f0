import { afterAll, beforeAll, expect, test } from 'vitest'
import { aDelivery, aTask, PASSWORD } from './a-task.ts'
import {
  endless,
  hangUp,
  raw,
  reply,
  silence,
  startScriptedServer,
  type Action,
  type Script,
  type ScriptStage,
} from './scripted-server.ts'
import type { Outcome, Reported } from './task.ts'
import { certificates, startTransportHost, type TransportHost } from './transport-host.ts'

let host: TransportHost
beforeAll(async () => {
  host = await startTransportHost()
})
afterAll(() => host.stop())

/** In milliseconds. Short, so that silence is over soon; long enough for a busy machine to answer in. */
const deadlines = { opening: 1_500, message: 1_500, dialogue: 3_000, closing: 500 }

/** What another request may take meanwhile, in milliseconds: it takes 2, but the machine runs other tests too. */
const PAUSE_MAX = 500

interface Fault {
  fault: string
  action: Action
  expected: Partial<Reported>
}

const faults: readonly Fault[] = [
  { fault: 'close', action: hangUp(), expected: { trouble: 'closed' } },
  { fault: 'close in mid-reply', action: hangUp('250-half'), expected: { trouble: 'closed' } },
  { fault: 'silence', action: silence, expected: { trouble: 'silent' } },
  { fault: 'half a reply', action: raw('250-half\r\n250'), expected: { trouble: 'silent' } },
  { fault: '421', action: reply('421 4.3.2 Going down'), expected: refusal(421, '4.3.2') },
  { fault: '451', action: reply('451 4.3.0 Try later'), expected: refusal(451, '4.3.0') },
  { fault: '550', action: reply('550 5.7.1 Go away'), expected: refusal(550, '5.7.1') },
  { fault: 'garbage', action: raw('HTTP/1.1 400 Bad\r\n'), expected: { trouble: 'malformed' } },
  { fault: 'no lines', action: endless('x'.repeat(999)), expected: { trouble: 'malformed' } },
  { fault: 'no end', action: endless('250-x\r\n'.repeat(99)), expected: { trouble: 'malformed' } },
]

const openings: readonly ScriptStage[] = ['greeting', 'EHLO', 'STARTTLS', 'secure EHLO', 'AUTH']
const sendings: readonly ScriptStage[] = ['MAIL', 'RCPT', 'DATA', 'message']

test.concurrent.for(crossed(openings, faults))(
  '$fault at $stage ends the dialogue with its facts',
  async ({ stage, action, expected }) => {
    const { outcome, pause } = await deliverTo(faultAt(stage, action))
    // Silence after STARTTLS may be TLS that does not come about: nothing tells them apart.
    const isMute = stage === 'secure EHLO' && action === silence
    expect(outcome.opened).toMatchObject({
      ok: false,
      stage: isMute ? 'TLS' : stage.replace('secure ', ''),
      ...expected,
      permanent: false,
    })
    expect(pause).toBeLessThan(PAUSE_MAX)
  },
)

test.concurrent.for(crossed(sendings, faults))(
  '$fault at $stage fails the message with its facts',
  async ({ stage, action, expected }) => {
    const { outcome, pause } = await deliverTo(faultAt(stage, action))
    expect(outcome.messages[0]).toMatchObject({ ok: false, stage, permanent: false, ...expected })
    expect(outcome.usable).toBe(expected.code !== 421 && expected.trouble === 'refused')
    expect(pause).toBeLessThan(PAUSE_MAX)
  },
)

const codes = [451, 452, 550, 554].map((code) => ({ code }))

test.concurrent.for(crossed(sendings, codes))(
  '$code at $stage costs one message, and the next one arrives',
  async ({ stage, code }) => {
    const { outcome } = await deliverTo(faultAt(stage, reply(`${code} no`), null))
    expect(outcome.messages).toMatchObject([
      { ok: false, code, permanent: code >= 500 },
      { ok: true, reply: { code: 250 } },
    ])
    expect(outcome.usable).toBe(true)
  },
)

test.concurrent.for(faults)(
  '$fault at RSET costs the connection, not the reason',
  async ({ action }) => {
    const refusing = { RCPT: [reply('550 5.1.1 No such user')], RSET: [action] }
    const { outcome } = await deliverTo({ stages: refusing })
    expect(outcome.messages).toMatchObject([
      { stage: 'RCPT', code: 550, enhanced: '5.1.1', permanent: true },
      { trouble: 'closed', permanent: false },
    ])
    expect(outcome.usable).toBe(false)
  },
)

test.concurrent.for(faults)(
  '$fault at QUIT changes nothing for what was delivered',
  async ({ action }) => {
    const { outcome, pause } = await deliverTo(faultAt('QUIT', action))
    expect(outcome.messages).toMatchObject([{ ok: true }, { ok: true }])
    expect(outcome.usable).toBe(true)
    expect(pause).toBeLessThan(PAUSE_MAX)
  },
)

test('none of it leaves a word in the log', () => {
  expect(host.log).toEqual([])
})

/** Every stage with every one of `cases`. */
function crossed<T extends object>(stages: readonly ScriptStage[], cases: readonly T[]) {
  return stages.flatMap((stage) => cases.map((one) => ({ ...one, stage })))
}

function refusal(code: number, enhanced: string): Partial<Reported> {
  const permanent = code >= 500
  return { trouble: 'refused', code, enhanced, permanent }
}

function faultAt(stage: ScriptStage, ...actions: (Action | null)[]): Script {
  // Without EHLO the library tries HELO, which then meets the same fault.
  const stages = stage.endsWith('EHLO') ? { [stage]: actions, HELO: actions } : { [stage]: actions }
  return { stages }
}

/** Two messages over STARTTLS and AUTH; meanwhile another request, and how long it took. */
async function deliverTo(script: Script): Promise<{ outcome: Outcome; pause: number }> {
  const server = await startScriptedServer({ tls: certificates, ...script })
  try {
    const task = aTask(
      { port: server.port, tls: 'starttls', username: 'mailer', password: PASSWORD },
      { deadlines, messages: [aDelivery(), aDelivery({ to: 'bo@example.test' })] },
    )
    const [outcome, pause] = await Promise.all([host.run(task), host.quickestAnswer()])
    return { outcome, pause }
  } finally {
    await server.stop()
  }
}
