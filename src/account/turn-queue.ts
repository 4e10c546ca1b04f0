/**
 * One at a time or a few, first come first served, in a place where whoever
 * waits may vanish: a Worker drops a request whose client hung up, in the middle
 * of any `await`, and runs nothing of it any more, not even a `finally`.
 *
 * So whoever waits is kept alive until its turn is over. And should one vanish
 * nevertheless, nobody relies on it: each that waits watches those before it,
 * and puts out who has its turn for too long, or waits without a sign of life.
 */
import { within } from '../within.ts'

/** One more is turned away (at least 32 may wait). */
export const MOST_WAITING = 64
/** In milliseconds. */
const WATCH_EVERY = 250
/** In milliseconds: whoever waits and shows no sign of life for so long is gone. A hash lasts some thirty. */
const GONE_AFTER = 2000
/** In milliseconds: a macrotask that takes longer to come round has stood behind other requests. */
const CROWDED = 3
/** In rounds of the event loop: workerd reads sixteen connections in each, and a round between two may be a quick one. */
const CALM = 3

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
  /** What it saw of those before it: how often the same. By looks, since time passes unseen while a hash blocks everything. */
  readonly seen = new Map<Ticket, { watches: number; hasTurn: boolean; times: number }>()
}

export interface TurnQueueOptions {
  keepAlive?: KeepAlive | undefined
  /** How many have their turn at the same time. */
  atOnce?: number
  /** In milliseconds: whoever has had a turn for longer is gone. */
  longestTurn?: number
  /** Requests that come at the same time as the first one after a rest: they are read before its turn. */
  rush?: Rush
}

export interface Rush {
  /** In milliseconds: more is not left to them. */
  longest: number
  /** How many have come so far, wherever they were turned away. */
  came: () => number
  /** Whether others than the first are here at all. */
  isOn: () => boolean
}

export class TurnQueue {
  readonly #tickets: Ticket[] = []
  readonly #keepAlive: KeepAlive
  readonly #atOnce: number
  readonly #longestTurn: number
  readonly #rush: Rush | undefined

  constructor(options: TurnQueueOptions = {}) {
    const { keepAlive = () => {}, atOnce = 1, longestTurn = GONE_AFTER, rush } = options
    this.#keepAlive = keepAlive
    this.#atOnce = atOnce
    this.#longestTurn = longestTurn
    this.#rush = rush
  }

  /** Those that have their turn, and those that wait for it. */
  get size(): number {
    return this.#tickets.length
  }

  /** Waits for its turn; the function it resolves to ends it. Throws `Overloaded`. */
  async enter({ mostWaiting = MOST_WAITING } = {}): Promise<() => void> {
    if (this.#tickets.length >= this.#atOnce + mostWaiting)
      throw new Overloaded('Too many passwords wait for a hash')
    const ticket = new Ticket()
    const { promise: over, resolve: end } = Promise.withResolvers<void>()
    this.#keepAlive(over)
    this.#tickets.push(ticket)
    const isFirst = this.#tickets.indexOf(ticket) < this.#atOnce
    while (this.#tickets.indexOf(ticket) >= this.#atOnce) await this.#watchThoseBefore(ticket)
    if (!this.#tickets.includes(ticket)) {
      end()
      throw new Overloaded('A turn was waited for too long')
    }
    await othersServed(isFirst ? this.#rush : undefined)
    return () => {
      this.#leave(ticket)
      end()
    }
  }

  async #watchThoseBefore(ticket: Ticket): Promise<void> {
    await within(WATCH_EVERY, new Promise<void>((resolve) => (ticket.call = resolve)))
    ticket.watches += 1
    const before = this.#tickets.slice(0, this.#tickets.indexOf(ticket))
    const gone = before.filter((each, place) => this.#isGone(ticket, each, place < this.#atOnce))
    for (const each of gone) this.#leave(each)
  }

  #isGone({ seen }: Ticket, other: Ticket, hasTurn: boolean): boolean {
    const { watches } = other
    const last = seen.get(other)
    const isSame = last !== undefined && last.watches === watches && last.hasTurn === hasTurn
    const times = isSame ? last.times + 1 : 1
    seen.set(other, { watches, hasTurn, times })
    return times * WATCH_EVERY >= (hasTurn ? this.#longestTurn : GONE_AFTER)
  }

  #leave(ticket: Ticket): void {
    const place = this.#tickets.indexOf(ticket)
    if (place === -1) return
    this.#tickets.splice(place, 1)
    if (place < this.#atOnce) this.#tickets[this.#atOnce - 1]?.call()
  }
}

/**
 * A macrotask of one's own before the work: other requests are served between two turns.
 * A rush is read as a whole before its first hash, or pages that came with it would
 * wait for a hash in each round of the event loop that they need.
 */
async function othersServed(rush: Rush | undefined): Promise<void> {
  let took = await roundOfLoop(0)
  if (rush === undefined || (took < CROWDED && !rush.isOn())) return
  let [left, calm] = [rush.longest - took, 0]
  while (calm < CALM && left > 0) {
    const before = rush.came()
    took = await roundOfLoop(1)
    left -= took
    calm = took < CROWDED && rush.came() === before ? calm + 1 : 0
  }
}

/** In milliseconds, what it took; at least `wait`. */
async function roundOfLoop(wait: number): Promise<number> {
  const from = Date.now()
  await new Promise((resolve) => setTimeout(resolve, wait))
  return Date.now() - from
}
