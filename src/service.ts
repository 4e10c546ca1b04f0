/**
 * The whole service, put together from what a platform provides. The
 * composition roots call this; what differs between them is in `Platform`.
 */
import type { D1Database } from '@cloudflare/workers-types'
import { createApp } from './app.tsx'
import type { Config } from './config.ts'
import { createKeyring } from './account/keyring.ts'
import type { Passwords } from './account/password-hash.ts'
import { createPasswordSources } from './account/password-sources.ts'
import type { Random } from './account/random.ts'
import { deliverDue, type DeliveryServices, reportWaiting } from './mail/deliver.ts'
import { createReport } from './mail/reports.ts'
import type { Transport } from './mail/smtp/transport.ts'
import { createStore } from './store/index.ts'

export interface Platform {
  config: Config
  db: D1Database
  /** Unix time in whole seconds. */
  clock: () => number
  random: Random
  passwords: Passwords
  transport: Transport
  /** The address a request came from; empty when the platform does not know. */
  clientAddress: (request: Request) => string
  /** Sees to it that `deliver` is called soon, outside the request that asks. */
  wakeDelivery: (deliver: () => Promise<void>) => void
  /** One structured line; never a token, a password or an address. */
  log: (line: Record<string, unknown>) => void
}

export interface Service {
  fetch(request: Request): Response | Promise<Response>
  /** Delivers what is due in the outbox. */
  deliver(): Promise<void>
  /** Delivers what an earlier delivery left waiting, and deletes what nobody needs any more. */
  sweep(): Promise<void>
}

export function createService(platform: Platform): Service {
  const { config, db, clock, random, log } = platform
  const store = createStore(db)
  const keyring = createKeyring(config.secretKeys)
  const { outbox, limits } = store
  const report = createReport({
    ...{ clock, random, limits, outbox },
    admins: config.admins,
    locale: config.defaultLocale,
  })
  const delivery: DeliveryServices = {
    ...{ config, clock, random, keyring, outbox, limits, report },
    transport: platform.transport,
    log: (attempt) => log({ event: 'delivery', ...attempt }),
  }
  const deliver = () => deliverDue(delivery)
  const app = createApp({
    ...store,
    ...{ config, clock, random, keyring, log, report },
    passwords: platform.passwords,
    passwordSources: createPasswordSources(config),
    clientAddress: platform.clientAddress,
    outboxFigures: () => outbox.figures(clock()),
    wakeDelivery: () => platform.wakeDelivery(deliver),
  })
  return {
    fetch: (request) => app.fetch(request),
    deliver,
    async sweep() {
      await deliver()
      await reportWaiting(delivery)
      await outbox.prune(clock())
      await store.prune(clock())
    },
  }
}
