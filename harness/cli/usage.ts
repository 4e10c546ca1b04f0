/** What a command line says, and one line of complaint where it cannot be meant. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'

/** A command line that cannot be meant; one line says why. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Throws a `UsageError` that names an option nobody knows, or one whose value is missing. */
export function readArguments<Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? firstSentence(error.message) : String(error))
  }
}

function firstSentence(message: string): string {
  return message.split(/\. |\n/, 1)[0] ?? message
}
