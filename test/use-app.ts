/**
 * A mail server and a service for all tests of a file, or of a block of one.
 */
import { afterAll, beforeAll } from 'vitest'
import { type MailServer, startMailServer } from '../harness/index.ts'
import type { AppOptions } from './app.ts'

type Options = Pick<AppOptions, 'settings' | 'onOutput'>
type Start<App> = (options: { mail: MailServer } & Options) => Promise<App>

/**
 * Starts both before the tests, and stops them after.
 *
 * @example
 * let mail: MailServer
 * let app: App
 * useApp(startApp, (started) => ({ mail, app } = started))
 */
export function useApp<App extends AsyncDisposable>(
  start: Start<App>,
  take: (started: { mail: MailServer; app: App }) => unknown,
  options: Options = {},
): void {
  let opened: AsyncDisposableStack
  beforeAll(async () => {
    await using stack = new AsyncDisposableStack()
    const mail = stack.use(await startMailServer())
    take({ mail, app: stack.use(await start({ mail, ...options })) })
    opened = stack.move()
  })
  afterAll(() => opened.disposeAsync())
}
