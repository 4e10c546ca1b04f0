/**
 * Work beside the answers of a process, which lives on until it is told to end:
 * what has begun by then is finished, what has not never begins.
 */
export class Background {
  readonly #working = new Set<Promise<void>>()
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  #ending = false

  /** Whether it was told to end: long work stops at its next step. */
  get ending(): boolean {
    return this.#ending
  }

  /** Work that has begun, and never rejects. */
  add(work: Promise<void>): void {
    const watched = work.finally(() => this.#working.delete(watched))
    this.#working.add(watched)
  }

  /** Begins `work` after `delay` milliseconds. */
  later(work: () => Promise<void>, delay: number): void {
    if (this.#ending) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.add(work())
    }, delay)
    this.#timers.add(timer)
  }

  /** Begins `work` now and every `period` milliseconds, except while it is still under way. */
  every(work: () => Promise<void>, period: number): void {
    let underWay = false
    const begin = () => {
      if (underWay) return
      underWay = true
      this.add(work().finally(() => (underWay = false)))
    }
    begin()
    this.#timers.add(setInterval(begin, period))
  }

  /** Begins nothing any more. */
  end(): void {
    this.#ending = true
    for (const timer of this.#timers) clearTimeout(timer)
  }

  /** Resolves when nothing is under way. */
  async finished(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working)
  }
}
