import { setTimeout as pause } from 'node:timers/promises'
import type { App } from './app.ts'

/** Until no delivery of an earlier test is at work any more: statements of its own would be counted, too. */
export async function untilQuiet(app: Pick<App, 'door'>): Promise<void> {
  for (let before = -1; ;) {
    const { statements } = await app.door({})
    if (statements === before) return
    before = statements
    await pause(200)
  }
}
