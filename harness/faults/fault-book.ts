/**
 * All staged faults, in the order they were staged. The first that strikes wins.
 */
import { Fault, type FaultOptions, type Situation } from './fault.ts'

export class FaultBook {
  readonly #faults = new Set<Fault>()

  /** Every fault that is staged, spent ones too. */
  get all(): Fault[] {
    return [...this.#faults]
  }

  /** Whether nothing is staged, which is how it is most of the time. */
  get isEmpty() {
    return this.#faults.size === 0
  }

  stage(options: FaultOptions, owner?: string): Fault {
    const fault = new Fault(options, owner, (gone) => this.#faults.delete(gone))
    this.#faults.add(fault)
    return fault
  }

  /** The fault that strikes now, counted; undefined when all is well. */
  take(situation: Situation): Fault | undefined {
    for (const fault of this.#faults) if (fault.strikes(situation)) return fault
    return undefined
  }

  /** Removes every fault, or those of one inbox. */
  clear(owner?: string) {
    for (const fault of this.#faults) {
      if (owner === undefined || fault.owner === owner) fault.remove()
    }
  }
}
