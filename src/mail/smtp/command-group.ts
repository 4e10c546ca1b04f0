/**
 * Commands that go out together (RFC 2920): worker-mailer waits for each reply,
 * and a server that offers PIPELINING needs none of these waits. MAIL and
 * RCPT are held back and leave with DATA, which must end a group (§3.1), so that a
 * mail takes two round trips to the server in place of four.
 */
import type { Stage } from './smtp-error.ts'

/** §3.1: may stand anywhere in a group but at its end, where what they lead to is seen. */
const HELD: readonly Stage[] = ['MAIL', 'RCPT']

interface Command {
  readonly stage: Stage
  readonly line: string
}

/** One group at a time: what is held, and whose replies are still to come. */
export class CommandGroup {
  #held: readonly Command[] = []
  #unanswered: readonly Stage[] = []

  /** What goes out now that this command was written: nothing, when it can wait for those that follow. */
  send(stage: Stage, line: string, { pipelining }: { pipelining: boolean }): string {
    const commands = [...this.#held, { stage, line }]
    const isHeld = pipelining && HELD.includes(stage)
    this.#held = isHeld ? commands : []
    this.#unanswered = isHeld ? [] : commands.map((command) => command.stage)
    return isHeld ? '' : commands.map((command) => command.line).join('')
  }

  /** Whether the command that was written last has yet to go out. */
  get isHeld(): boolean {
    return this.#held.length > 0
  }

  /** Whose reply comes next; null when none is owed to a command. */
  get next(): Stage | null {
    return this.#unanswered[0] ?? null
  }

  /** A reply has come. */
  answered(): void {
    this.#unanswered = this.#unanswered.slice(1)
  }

  /** What is held is never sent. */
  drop(): void {
    this.#held = []
    this.#unanswered = []
  }
}
