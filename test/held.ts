/** Requests that wait before a statement, for as long as a test wants (test/doors.ts). */

import { setTimeout as pause } from 'node:timers/promises'

/** In milliseconds. */
const LOOK_EVERY = 5

export interface Held {
  /** Until as many wait as were to. Throws when they do not come within ten seconds. */
  all(): Promise<void>
  release(): Promise<void>
}

/** How a service is asked. */
interface Asked {
  /** How many are to wait. */
  most: number
  count: () => Promise<number>
  release: () => Promise<unknown>
}

export function heldRequests({ most, count, release }: Asked): Held {
  return {
    async all() {
      const deadline = performance.now() + 10_000
      let held = await count()
      while (held < most && performance.now() < deadline) {
        await pause(LOOK_EVERY)
        held = await count()
      }
      if (held < most) throw new Error(`${held} of ${most} wait`)
    },
    async release() {
      await release()
    },
  }
}
