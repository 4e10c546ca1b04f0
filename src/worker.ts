/**
 * The Worker that `wrangler deploy` takes: the service alone, with its handlers.
 */
import { misconfigured } from './http/misconfigured.ts'
import type { Platform, Service } from './service.ts'
import { ConfigError, createWorkersService, type Env } from './workers.ts'

export type { Env }

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
      const service = serviceOf(env)
      return service === null ? misconfigured(request) : service.fetch(request)
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
  try {
    return createWorkersService(env, change)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const { name, problem } of error.problems) console.error(`${name} ${problem}`)
    return null
  }
}
