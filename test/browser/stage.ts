/**
 * The service, its mail and a real browser, on one machine.
 */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { launchChromium } from '../../commands/preview/chromium.ts'
import { startMailServer } from '../../harness/index.ts'
import { startApp } from '../app.ts'
import type { StartApp } from '../journeys/runtimes.ts'

export type Stage = Awaited<ReturnType<typeof openStage>>

/** Starts all three, the service on workerd when nothing else is said; `await using` stops them. */
export async function openStage(start: StartApp = startApp) {
  const stack = new AsyncDisposableStack()
  const port = await findFreePort()
  const origin = `http://127.0.0.1:${port}`
  const mail = stack.use(await startMailServer())
  const app = stack.use(await start({ mail, port, settings: { PUBLIC_URL: origin } }))
  const browser = stack.use(await launchChromium())
  return { origin, mail, app, browser, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('Cannot find a free port')
  return address.port
}
