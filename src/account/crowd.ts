/**
 * Those who are on their way to a hash. Whoever would only be turned away there
 * is turned away at once: before the database is asked, and before anything is
 * counted against them.
 */
import { type KeepAlive, MOST_WAITING, Overloaded } from './turn-queue.ts'

/** One whose turn it is, beside those who wait. */
const MOST = MOST_WAITING + 1
/** In milliseconds: many times what all of them take. Whoever is here for longer was dropped. */
const GONE = 15_000

export class Crowd {
  readonly #places = new Map<symbol, number>()
  readonly #keepAlive: KeepAlive

  constructor(keepAlive: KeepAlive = () => {}) {
    this.#keepAlive = keepAlive
  }

  /** Takes a place until it is disposed of. Throws `Overloaded`. */
  join(): Disposable {
    const now = Date.now()
    for (const [place, since] of this.#places) if (now - since > GONE) this.#places.delete(place)
    if (this.#places.size >= MOST) throw new Overloaded('Too many are on their way to a hash')
    const place = Symbol('place')
    this.#places.set(place, now)
    const { promise: over, resolve: end } = Promise.withResolvers<void>()
    this.#keepAlive(over)
    return {
      [Symbol.dispose]: () => {
        this.#places.delete(place)
        end()
      },
    }
  }
}
