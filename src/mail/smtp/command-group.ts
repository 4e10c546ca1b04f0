/**
 * Commands that go out together (RFC 2920): worker-mailer waits for each reply,
 * and a server that offers PIPELINING needs none of these waits. MAIL and
 * RCPT are held back and leave with DATA, which must end a group (§3.1), so that a
 * mail takes two round trips to the server in place of four.
 */
import type { Reply } from './reply.ts'
import type { Stage } from './smtp-error.ts'

/** §3.1: others may follow these in a group, while DATA must be its last. */
const HELD: readonly Stage[] = ['MAIL', 'RCPT']

interface Command {
  readonly stage: Stage
  readonly line: string
}

/** The groups of one connection, one at a time: what is held, and whose replies are still to come. */
export class CommandGroup {
  #held: readonly Command[] = []
  #unanswered: readonly Stage[] = []
  #wasRefused = false

  /** What goes out now that this command was written: nothing, when it can wait for those that follow. */
  send(stage: Stage, line: string, { pipelining }: { pipelining: boolean }): string {
    const commands = [...this.#held, { stage, line }]
    const isHeld = pipelining && !this.#wasRefused && HELD.includes(stage)
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

  /**
   * A reply has come. After a refusal nothing is held any more: what follows in its group is one
   * error more each to the server, which may end a connection for too many (Postfix: smtpd_hard_error_limit).
   */
  answered({ code }: Pick<Reply, 'code'>): void {
    this.#unanswered = this.#unanswered.slice(1)
    this.#wasRefused ||= code >= 400
  }

  /** What is held is never sent. */
  drop(): void {
    this.#held = []
    this.#unanswered = []
  }
}
