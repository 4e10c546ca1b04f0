import type { Message } from '../message/message.ts'

/** Raw bytes of the messages whose parsed form is kept at hand; parsed, they take about twice that. */
const BUDGET = 64 * 1024 * 1024

/** Parsed messages that were asked for last: lists and searches ask for the same ones over and over. */
export class ParseCache {
  readonly #recent = new Map<string, Message>()
  #bytes = 0

  get(id: string): Message | undefined {
    const message = this.#recent.get(id)
    if (message === undefined) return undefined
    this.#recent.delete(id)
    this.#recent.set(id, message)
    return message
  }

  put(message: Message) {
    this.drop(message.id)
    this.#recent.set(message.id, message)
    this.#bytes += message.raw.length
    for (const id of this.#recent.keys()) {
      if (this.#bytes <= BUDGET) return
      this.drop(id)
    }
  }

  drop(id: string) {
    const message = this.#recent.get(id)
    if (message === undefined) return
    this.#recent.delete(id)
    this.#bytes -= message.raw.length
  }

  clear() {
    this.#recent.clear()
    this.#bytes = 0
  }
}
