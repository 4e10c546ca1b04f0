/**
 * One at a time, first come first served, in a place where whoever waits may
 * vanish: a Worker drops a request whose client hung up, in the middle of any
 * `await`, and runs nothing of it any more, not even a `finally`.
 *
 * So whoever waits is kept alive until its turn is over. And should one vanish
 * nevertheless, nobody relies on it: each that waits watches the head of the
 * queue and, when it has not moved for too long, puts it out together with all
 * others before it that show no sign of life.
 */

/** One more is turned away (at least 32 may wait). */
export const MOST_WAITING = 64
/** In milliseconds. */
const WATCH_EVERY = 250
/** A turn lasts some thirty milliseconds; a head that has not moved for two seconds is gone. */
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

export class TurnQueue {
  readonly #tickets: Ticket[] = []
  readonly #keepAlive: KeepAlive

  constructor(keepAlive: KeepAlive = () => {}) {
    this.#keepAlive = keepAlive
  }

  /** Waits for its turn; the function it resolves to ends it. Throws `Overloaded`. */
  async enter(): Promise<() => void> {
    if (this.#tickets.length > MOST_WAITING)
      throw new Overloaded('Too many passwords wait for a hash')
    const ticket = new Ticket()
    const { promise: over, resolve: end } = Promise.withResolvers<void>()
    this.#keepAlive(over)
    this.#tickets.push(ticket)
    while (this.#tickets[0] !== ticket) {
      if (!this.#tickets.includes(ticket)) throw new Overloaded('A turn was waited for too long')
      await this.#watchHead(ticket)
    }
    // A macrotask of one's own before the work: other requests are served between two hashes.
    await new Promise((resolve) => setTimeout(resolve, 0))
    return () => {
      this.#leave(ticket)
      end()
    }
  }

  async #watchHead(ticket: Ticket): Promise<void> {
    const ahead = this.#tickets.slice(0, this.#tickets.indexOf(ticket))
    const watchesBefore = ahead.map(({ watches }) => watches)
    const called = new Promise<void>((resolve) => (ticket.call = resolve))
    for (let watched = 0; watched < WATCHES_BEFORE_GONE; watched++) {
      await settledWithin(called, WATCH_EVERY)
      ticket.watches += 1
      if (this.#tickets[0] !== ahead[0]) return
    }
    const gone = ahead.filter(({ watches }, place) => watches === watchesBefore[place])
    for (const each of gone) this.#leave(each)
  }

  #leave(ticket: Ticket): void {
    const place = this.#tickets.indexOf(ticket)
    if (place === -1) return
    this.#tickets.splice(place, 1)
    if (place === 0) this.#tickets[0]?.call()
  }
}

async function settledWithin(promise: Promise<void>, milliseconds: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)))
  await Promise.race([promise, timeout])
  clearTimeout(timer)
}
