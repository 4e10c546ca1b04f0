/**
 * The service as it runs on Cloudflare Workers, made from a Worker's `env`.
 * Nothing else there reads `env` and the clock.
 */
import type { D1Database, Queue } from '@cloudflare/workers-types'
import argon2Module from '@phi-ag/argon2/argon2.wasm'
import { waitUntil } from 'cloudflare:workers'
import { createArgon2id } from './account/argon2.ts'
import { createPasswords } from './account/password-hash.ts'
import { secureRandom } from './account/random.ts'
import { type Config, parseConfig } from './config.ts'
import { randomDelay } from './mail/delivery-delay.ts'
import { createSmtpTransport } from './mail/smtp/transport.ts'
import { patientDatabase } from './store/patient-database.ts'
import { createService, type Platform, type Service } from './service.ts'
import type { ConfigProblem } from './setting-reader.ts'

/** The bindings that are asked for; the settings stand beside them, as texts, numbers, booleans or lists. */
export interface Env {
  DB: D1Database
  /** Without it, delivery runs after the answer, in the same invocation. */
  OUTBOX_QUEUE?: Queue<DeliveryWish>
}

/** A queue message carries nothing: whatever is due is delivered. */
export type DeliveryWish = Record<string, never>

/** Settings are wrong: which, and how, but never what they held. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    super(`Cannot start: ${problems.map(({ name, problem }) => `${name} ${problem}`).join('; ')}`)
    this.problems = problems
  }
}

/**
 * The service on what `env` holds. `change` may replace any part of the
 * platform. Throws a `ConfigError` that names every wrong setting.
 *
 * @example
 * import { env } from 'cloudflare:workers'
 * const accounts = createWorkersService(env, (platform) => ({
 *   ...platform,
 *   hooks: { registered: ({ username }) => console.log(`Welcome, ${username}`) },
 * }))
 * const app = new Hono().route('/auth', accounts.app).route('/', accounts.wellKnown)
 * export default { fetch: app.fetch, queue: accounts.deliver, scheduled: accounts.sweep }
 */
export function createWorkersService(
  env: Env,
  change: (platform: Platform) => Platform = (platform) => platform,
): Service {
  return createService(change(createWorkersPlatform(env)))
}

/**
 * What a Worker provides, with the settings that `env` holds, for those who put
 * the service together themselves. Throws a `ConfigError` that names every wrong setting.
 *
 * @example
 * import { env } from 'cloudflare:workers'
 * const services = createServices(createWorkersPlatform(env))
 * const app = new Hono().route('/auth', createApp(services)).route('/', createWellKnown(services))
 * export default { fetch: app.fetch, queue: services.deliver, scheduled: services.sweep }
 */
export function createWorkersPlatform(env: Env): Platform {
  const config = readConfig(env)
  return {
    config,
    db: patientDatabase(env.DB),
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
    inBackground: waitUntil,
    log: (line) => console.log(JSON.stringify(line)),
  }
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

function readConfig(env: Env): Config {
  const result = parseConfig(settingsOf(env))
  if (!result.ok) throw new ConfigError(result.problems)
  return result.config
}

/** Under `[vars]`, wrangler keeps numbers, booleans and lists as such; everything else in `env` is a binding. */
function settingsOf(env: Env): Record<string, string> {
  const texts = Object.entries<unknown>({ ...env }).flatMap(([name, value]) => {
    const text = Array.isArray(value) ? value.join(',') : value
    return ['string', 'number', 'boolean'].includes(typeof text) ? [[name, String(text)]] : []
  })
  return Object.fromEntries(texts)
}
