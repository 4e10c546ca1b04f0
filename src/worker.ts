/**
 * The composition root on Cloudflare Workers: the only file there that reads
 * `env` and the clock.
 */
import type { D1Database, Queue } from '@cloudflare/workers-types'
import argon2Module from '@phi-ag/argon2/argon2.wasm'
import { waitUntil } from 'cloudflare:workers'
import { createArgon2id } from './account/argon2.ts'
import { createPasswords } from './account/password-hash.ts'
import { type Random, secureRandom } from './account/random.ts'
import { parseConfig } from './config.ts'
import { misconfigured } from './http/misconfigured.ts'
import { createSmtpTransport } from './mail/smtp/transport.ts'
import { createService, type Platform, type Service } from './service.ts'

export interface Env {
  DB: D1Database
  /** Without it, delivery runs after the answer, in the same invocation. */
  OUTBOX_QUEUE?: Queue<DeliveryWish>
  [setting: string]: unknown
}

/** A queue message carries nothing: whatever is due is delivered. */
export type DeliveryWish = Record<string, never>

export default createWorker()

/** The Worker's handlers. `change` is for the root that tests use: it may set the clock or hold a hash. */
export function createWorker(change: (platform: Platform) => Platform = (platform) => platform) {
  let started: { env: Env; service: Service | null } | undefined
  /** Made once for an isolate; null, with every wrong setting in the log, when the settings are wrong. */
  function serviceOf(env: Env): Service | null {
    started ??= { env, service: start(env, change) }
    return started.service
  }
  return {
    async fetch(request: Request, env: Env): Promise<Response> {
      return (await serviceOf(env)?.fetch(request)) ?? misconfigured()
    },
    async queue(_batch: unknown, env: Env): Promise<void> {
      await serviceOf(env)?.deliver()
    },
    async scheduled(_event: unknown, env: Env): Promise<void> {
      await serviceOf(env)?.sweep()
    },
  }
}

function start(env: Env, change: (platform: Platform) => Platform): Service | null {
  const result = parseConfig(settingsOf(env))
  if (!result.ok) {
    for (const { name, problem } of result.problems) console.error(`${name} ${problem}`)
    return null
  }
  const { config } = result
  return createService(
    change({
      config,
      db: env.DB,
      clock: () => Math.floor(Date.now() / 1000),
      random: secureRandom,
      passwords: createPasswords({
        argon2id: createArgon2id(argon2Module),
        random: secureRandom,
        keepAlive: waitUntil,
      }),
      transport: createSmtpTransport(config.mail),
      clientAddress: (request) => request.headers.get('CF-Connecting-IP') ?? '',
      wakeDelivery: (deliver) => waitUntil(wake(env, deliver)),
      log: (line) => console.log(JSON.stringify(line)),
    }),
  )
}

/**
 * Delivery must not be readable from contention: by the queue it runs in an
 * invocation of its own; without one, after a random delay of up to two seconds.
 */
async function wake({ OUTBOX_QUEUE: queue }: Env, deliver: () => Promise<void>): Promise<void> {
  if (queue !== undefined) return void (await queue.send({}))
  await new Promise((resolve) => setTimeout(resolve, randomDelay(secureRandom)))
  await deliver()
}

/** In milliseconds. */
const LONGEST_DELAY = 2000

function randomDelay(random: Random): number {
  const [high = 0, low = 0] = random(2)
  return ((high * 256 + low) / 65536) * LONGEST_DELAY
}

/** Settings are text; everything else in `env` is a binding. */
function settingsOf(env: Env): Record<string, string> {
  const texts = Object.entries(env).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  )
  return Object.fromEntries(texts)
}
