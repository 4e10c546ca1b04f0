/**
 * What our guard relies on in a socket, asked of all that there are: workerd's
 * own `cloudflare:sockets`, and what stands for it on Deno and on Node.
 */
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadCertificates } from '../../harness/certificates.ts'
import {
  hangUp,
  raw,
  reply,
  reset,
  type Script,
  silence,
  startScriptedServer,
} from '../mail/smtp/scripted-server.ts'
import type { Move, Play } from './sockets/play.ts'
import { STILL_WAITING } from './sockets/play.ts'
import { type Stage, stages } from './sockets/stages.ts'

const { cert, key, bad } = await loadCertificates('.sparekey/certificates')
const tls = { cert, key }

const plain = { secureTransport: 'off' } as const
const starttls = { secureTransport: 'starttls' } as const
const implicit = { secureTransport: 'on' } as const

const hello: Move[] = [{ hear: 'ESMTP\r\n' }, { say: 'EHLO me\r\n' }, { hear: '250 STARTTLS\r\n' }]
const upgrade: Move[] = [
  ...hello,
  { say: 'STARTTLS\r\n' },
  { hear: '220 2.0.0 Ready' },
  'start TLS',
]
const secureHello: Move[] = [{ say: 'EHLO again\r\n' }, { hear: '250 AUTH PLAIN LOGIN\r\n' }]

/** In bytes: more than any of them takes or gives at once. */
const LONG = 300_000

describe.each(stages)('a socket of %s', (runtime, open) => {
  let stage: Stage
  beforeAll(async () => {
    stage = await open()
  })
  afterAll(() => stage[Symbol.asyncDispose]())

  /** Plays against a server that keeps to the script, until nobody is connected any more. */
  async function playAgainst(
    script: Script,
    { hostname = '127.0.0.1', ...scene }: Pick<Play, 'options' | 'moves'> & { hostname?: string },
  ) {
    const server = await startScriptedServer(script, hostname === '[::1]' ? '::1' : '127.0.0.1')
    const outcome = await stage.play({ ...scene, address: { hostname, port: server.port } })
    return { ...outcome, server }
  }

  test.for(['127.0.0.1', '[::1]', 'localhost'])(
    'carries words both ways, and ends when it is closed: %s',
    async (hostname) => {
      const moves: Move[] = ['opened', ...hello, 'close', 'closed']
      const { failed, server } = await playAgainst({}, { hostname, options: plain, moves })
      expect(failed).toBeUndefined()
      await server.deserted()
      expect(server.seen.plain).toBe('EHLO me\r\n')
      await server.stop()
    },
  )

  test.for([
    { way: 'in clear', options: plain, script: {}, before: [] },
    { way: 'in TLS', options: implicit, script: { tls: { ...tls, implicit: true } }, before: [] },
    { way: 'after STARTTLS', options: starttls, script: { tls }, before: upgrade },
  ])('carries what is longer than a chunk whole, $way', async ({ options, script, before }) => {
    const stages = { NOOP: [], QUIT: [raw(`${'y'.repeat(LONG)}\r\n`)] }
    const words = `${'x'.repeat(LONG)}\r\n`
    const moves: Move[] = [...before, { say: words }, { hear: 'y\r\n' }, 'close']
    const { failed, heard, server } = await playAgainst({ ...script, stages }, { options, moves })
    expect(failed).toBeUndefined()
    expect(heard.match(/y{2,}/)?.[0]).toHaveLength(LONG)
    expect(`${server.seen.plain}${server.seen.secure}`.match(/x+/)?.[0]).toHaveLength(LONG)
    await server.stop()
  })

  test.for(['opened', 'end', { say: 'EHLO me\r\n' }] as const)(
    'that nobody listens to is refused, whatever is tried first: %j',
    async (move) => {
      const address = { hostname: '127.0.0.1', port: await freePort() }
      const outcome = await stage.play({ address, options: plain, moves: [move, 'end'] })
      expect(outcome).toMatchObject({ heard: '', failed: { error: expect.any(String) } })
      expect(outcome.failed?.error).not.toContain(STILL_WAITING)
    },
  )

  test('turns to TLS in the middle, and what is said after it is said in TLS', async () => {
    const moves: Move[] = [...upgrade, 'opened', ...secureHello, 'close']
    const { failed, server } = await playAgainst({ tls }, { options: starttls, moves })
    expect(failed).toBeUndefined()
    await server.deserted()
    expect(server.seen).toMatchObject({
      plain: 'EHLO me\r\nSTARTTLS\r\n',
      secure: 'EHLO again\r\n',
    })
    await server.stop()
  })

  test('speaks TLS from the first byte', async () => {
    const moves: Move[] = ['opened', { hear: 'ESMTP\r\n' }, ...secureHello, 'close']
    const script = { tls: { ...tls, implicit: true } }
    const { failed, server } = await playAgainst(script, { options: implicit, moves })
    expect(failed).toBeUndefined()
    await server.deserted()
    expect(server.seen).toMatchObject({ plain: '', secure: 'EHLO again\r\n' })
    await server.stop()
  })

  const certificates = [
    { certificate: 'that a stranger signed', pair: bad['other-ca'] },
    { certificate: 'for another host', pair: bad['other-host'] },
    { certificate: 'that is out of date', pair: bad.expired },
  ]

  test.for(certificates)('refuses a certificate $certificate, at once', async ({ pair }) => {
    const moves: Move[] = ['opened', { say: 'the secret\r\n' }, 'end']
    const script = { tls: { ...pair, implicit: true } }
    const { failed, heard, server } = await playAgainst(script, { options: implicit, moves })
    expectRefusal(failed, heard)
    expect(server.seen).toMatchObject({ plain: '', secure: '' })
    await server.stop()
  })

  test.for(certificates)('refuses a certificate $certificate, in the middle', async ({ pair }) => {
    const moves: Move[] = [...upgrade, 'opened', { say: 'the secret\r\n' }, 'end']
    const { failed, server } = await playAgainst({ tls: pair }, { options: starttls, moves })
    expectRefusal(failed, '')
    expect(server.seen).toMatchObject({ plain: 'EHLO me\r\nSTARTTLS\r\n', secure: '' })
    await server.stop()
  })

  test('gives all that was said, and then the end, when the server has said everything', async () => {
    const stages = { greeting: [hangUp('421 4.3.2 Shutting down\r\n')] }
    const moves: Move[] = ['end', 'close']
    const { failed, heard, server } = await playAgainst({ stages }, { options: plain, moves })
    expect({ failed, heard }).toEqual({ failed: undefined, heard: '421 4.3.2 Shutting down\r\n' })
    await server.deserted()
    await server.stop()
  })

  test.for([
    { way: 'in clear', options: plain, script: { stages: { greeting: [reset] } }, before: [] },
    {
      way: 'in TLS',
      options: starttls,
      script: { tls, stages: { 'secure EHLO': [reset] } },
      before: [...upgrade, { say: 'EHLO again\r\n' }],
    },
  ])(
    'leaves no read waiting when the server breaks off, $way',
    async ({ options, script, before }) => {
      const moves: Move[] = [...before, 'end']
      const { failed, server } = await playAgainst(script, { options, moves })
      expect(failed ?? { move: 'end' }).toMatchObject({ move: 'end' })
      expect(failed?.error ?? '').not.toContain(STILL_WAITING)
      await server.stop()
    },
  )

  test('lets go of a read that waits when it is closed', async () => {
    const script = { stages: { greeting: [silence] } }
    const moves: Move[] = ['opened', 'close while it reads', 'closed']
    const { failed, server } = await playAgainst(script, { options: plain, moves })
    expect(failed).toBeUndefined()
    await server.deserted()
    await server.stop()
  })

  test.for([
    { wait: 'to begin', options: implicit, moves: ['give up'] },
    { wait: 'in the middle', options: starttls, moves: [{ hear: '220' }, 'start TLS', 'give up'] },
  ] satisfies { wait: string; options: Play['options']; moves: Move[] }[])(
    'can be given up while it waits in vain for TLS $wait',
    async ({ options, moves }) => {
      const greeting = options === starttls ? reply('220 go') : silence
      const script = { stages: { greeting: [greeting], QUIT: [silence] } }
      const { failed, server } = await playAgainst(script, { options, moves })
      expect(failed).toBeUndefined()
      expect(server.seen.connections).toBe(1)
      // Deno 2.9 keeps such a connection, closed or not, until the server ends it.
      if (runtime !== 'Deno') await server.deserted()
      await server.stop()
    },
  )
})

function expectRefusal(failed: { error: string } | undefined, heard: string): void {
  expect(failed).toBeDefined()
  expect(failed?.error).not.toContain(STILL_WAITING)
  expect(heard).toBe('')
}

/** Of loopback: it was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
