/**
 * One at a time, first come first served, in a place where whoever waits may
 * vanish: a Worker drops a request whose client hung up, in the middle of any
 * `await`, and runs nothing of it any more, not even a `finally`.
 *
 * So nobody relies on the one before: each that waits watches the head of the
 * queue, and puts it out when it has not moved for too long.
 */

/** One more is turned away (DESIGN.md: at least 32 may wait). */
const MOST_WAITING = 64
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

interface Ticket {
  call: () => void
}

export class TurnQueue {
  readonly #tickets: Ticket[] = []

  /** Waits for its turn; the function it resolves to ends it. Throws `Overloaded`. */
  async enter(): Promise<() => void> {
    if (this.#tickets.length > MOST_WAITING)
      throw new Overloaded('Too many passwords wait for a hash')
    const ticket: Ticket = { call: () => {} }
    this.#tickets.push(ticket)
    while (this.#tickets[0] !== ticket) await this.#watchHead(ticket)
    // A macrotask of one's own before the work: other requests are served between two hashes.
    await new Promise((resolve) => setTimeout(resolve, 0))
    return () => this.#leave(ticket)
  }

  async #watchHead(ticket: Ticket): Promise<void> {
    const head = this.#tickets[0]
    const called = new Promise<void>((resolve) => (ticket.call = resolve))
    for (let watches = 0; watches < WATCHES_BEFORE_GONE; watches++) {
      await settledWithin(called, WATCH_EVERY)
      if (this.#tickets[0] !== head) return
    }
    if (head !== undefined) this.#leave(head)
  }

  #leave(ticket: Ticket): void {
    const place = this.#tickets.indexOf(ticket)
    if (place === -1) return
    this.#tickets.splice(place, 1)
    for (const waiting of this.#tickets.slice(0, place === 0 ? 1 : 0)) waiting.call()
  }
}

async function settledWithin(promise: Promise<void>, milliseconds: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)))
  await Promise.race([promise, timeout])
  clearTimeout(timer)
}
