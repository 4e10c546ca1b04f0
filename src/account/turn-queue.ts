/**
 * One at a time or a few, first come first served, in a place where whoever
 * waits may vanish: a Worker drops a request whose client hung up, in the middle
 * of any `await`, and runs nothing of it any more, not even a `finally`.
 *
 * So whoever waits is kept alive until its turn is over. And should one vanish
 * nevertheless, nobody relies on it: each that waits watches those before it
 * and, when none of them has left for too long, puts out all that show no sign
 * of life.
 */

/** One more is turned away (at least 32 may wait). */
export const MOST_WAITING = 64
/** In milliseconds. */
const WATCH_EVERY = 250
/** A turn lasts some thirty milliseconds; where nobody has left for two seconds, whoever has the turn is gone. */
const WATCHES_BEFORE_GONE = 8

/** Too many are waiting already: the client is told to come back. */
export class Overloaded extends Error {
  override name = 'Overloaded'
  /** In seconds. */
  readonly retryAfter = 2
}

/** Keeps the current request running until the promise settles, though its client may be gone: `waitUntil`. */
export type KeepAlive = (promise: Promise<void>) => void

class Ticket {
  call: () => void = () => {}
  /** Counted while it waits: a sign of life. */
  watches = 0
}

export interface TurnQueueOptions {
  keepAlive?: KeepAlive | undefined
  /** How many have their turn at the same time. */
  atOnce?: number
}

export class TurnQueue {
  readonly #tickets: Ticket[] = []
  readonly #keepAlive: KeepAlive
  readonly #atOnce: number

  constructor({ keepAlive = () => {}, atOnce = 1 }: TurnQueueOptions = {}) {
    this.#keepAlive = keepAlive
    this.#atOnce = atOnce
  }

  /** Waits for its turn; the function it resolves to ends it. Throws `Overloaded`. */
  async enter({ mostWaiting = MOST_WAITING } = {}): Promise<() => void> {
    if (this.#tickets.length >= this.#atOnce + mostWaiting)
      throw new Overloaded('Too many passwords wait for a hash')
    const ticket = new Ticket()
    const { promise: over, resolve: end } = Promise.withResolvers<void>()
    this.#keepAlive(over)
    this.#tickets.push(ticket)
    while (this.#tickets.indexOf(ticket) >= this.#atOnce) await this.#watchThoseBefore(ticket)
    if (!this.#tickets.includes(ticket)) throw new Overloaded('A turn was waited for too long')
    // A macrotask of one's own before the work: other requests are served between two hashes.
    await new Promise((resolve) => setTimeout(resolve, 0))
    return () => {
      this.#leave(ticket)
      end()
    }
  }

  async #watchThoseBefore(ticket: Ticket): Promise<void> {
    const before = this.#tickets.slice(0, this.#tickets.indexOf(ticket))
    const watchesAtFirst = before.map(({ watches }) => watches)
    const called = new Promise<void>((resolve) => (ticket.call = resolve))
    for (let watched = 0; watched < WATCHES_BEFORE_GONE; watched++) {
      await settledWithin(called, WATCH_EVERY)
      ticket.watches += 1
      if (this.#tickets.indexOf(ticket) < before.length) return
    }
    const gone = before.filter(({ watches }, place) => watches === watchesAtFirst[place])
    for (const each of gone) this.#leave(each)
  }

  #leave(ticket: Ticket): void {
    const place = this.#tickets.indexOf(ticket)
    if (place === -1) return
    this.#tickets.splice(place, 1)
    if (place < this.#atOnce) this.#tickets[this.#atOnce - 1]?.call()
  }
}

async function settledWithin(promise: Promise<void>, milliseconds: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)))
  await Promise.race([promise, timeout])
  clearTimeout(timer)
}
