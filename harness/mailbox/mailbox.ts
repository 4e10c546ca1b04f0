/**
 * Every captured message, newest kept: bounded by count and by bytes, the oldest
 * leaves first. Tells its listeners what came and what went.
 */
import { Captured, type Delivery } from './captured.ts'
import { ParseCache } from './parse-cache.ts'

export interface MailboxLimits {
  /** How many messages are kept. */
  messages: number
  /** How many bytes of raw messages are kept. */
  bytes: number
}

export type MailboxEvent =
  | { kind: 'new'; captured: Captured }
  | { kind: 'update'; captured: Captured }
  | { kind: 'delete'; captured: Captured }
  | { kind: 'prune'; captured: Captured }
  | { kind: 'truncate' }

export class Mailbox {
  readonly #limits: MailboxLimits
  readonly #kept = new Map<string, Captured>()
  readonly #listeners = new Set<(event: MailboxEvent) => void>()
  readonly #parsed = new ParseCache()
  #bytes = 0
  #sequence = 0
  /** Messages that left because newer ones needed the room. */
  pruned = 0

  constructor(limits: MailboxLimits) {
    this.#limits = limits
  }

  /** Messages in the order of arrival. */
  get all(): Captured[] {
    return [...this.#kept.values()]
  }

  get size() {
    return this.#kept.size
  }

  get bytes() {
    return this.#bytes
  }

  /** The sequence number of the newest message ever: a cursor that no clock can confuse. */
  get cursor() {
    return this.#sequence
  }

  get(id: string): Captured | undefined {
    return id === 'latest' ? this.all.at(-1) : this.#kept.get(id)
  }

  add(raw: Buffer, delivery: Delivery): Captured {
    this.#sequence += 1
    const captured = new Captured(raw, delivery, this.#sequence, this.#parsed)
    this.#kept.set(captured.id, captured)
    this.#bytes += raw.length
    this.#prune()
    this.#tell({ kind: 'new', captured })
    return captured
  }

  delete(id: string): boolean {
    const captured = this.#remove(id)
    if (captured === undefined) return false
    this.#tell({ kind: 'delete', captured })
    return true
  }

  clear() {
    this.#kept.clear()
    this.#parsed.clear()
    this.#bytes = 0
    this.#tell({ kind: 'truncate' })
  }

  update(captured: Captured, change: { read?: boolean; tags?: string[] }) {
    Object.assign(captured, change)
    this.#tell({ kind: 'update', captured })
  }

  /** Calls `listener` at every change, until the returned function is called. */
  subscribe(listener: (event: MailboxEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #prune() {
    while (this.#kept.size > this.#limits.messages || this.#bytes > this.#limits.bytes) {
      const [oldest] = this.#kept.keys()
      const captured =
        oldest === undefined || this.#kept.size === 1 ? undefined : this.#remove(oldest)
      if (captured === undefined) return
      this.pruned += 1
      this.#tell({ kind: 'prune', captured })
    }
  }

  #remove(id: string) {
    const captured = this.#kept.get(id)
    if (captured === undefined) return undefined
    this.#kept.delete(id)
    this.#parsed.drop(id)
    this.#bytes -= captured.raw.length
    return captured
  }

  #tell(event: MailboxEvent) {
    for (const listener of this.#listeners) listener(event)
  }
}
