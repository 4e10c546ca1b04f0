/**
 * The frame of every command: its options, what it prints, its exit status.
 *
 * What was asked for goes to standard output; progress and complaints go to
 * standard error.
 */
import type { ParseArgsOptionsConfig } from 'node:util'
import { readArguments, UsageError } from '../harness/cli/usage.ts'

export { UsageError }

/** An option that is there or not. */
export const FLAG = { type: 'boolean' } as const
/** An option that names something. */
export const TEXT = { type: 'string' } as const

const HELP_OPTION = { help: { ...FLAG, short: 'h' } } as const

/** What a command prints; or, when it has printed by itself, its exit status. */
export type Output = string | AsyncIterable<string> | number

type Arguments<Options extends ParseArgsOptionsConfig> = ReturnType<typeof readArguments<Options>>

export interface Command<Options extends ParseArgsOptionsConfig> {
  /** Behind `npm run`. */
  name: string
  help: string
  options?: Options
  /** How many arguments may stand beside the options. */
  takes?: number
  run: (values: Arguments<Options>['values'], rest: string[]) => Output | Promise<Output>
}

/**
 * Runs a command to its end; its exit status: 0 done, 1 failed, 2 not understood.
 *
 * @example
 * process.exitCode = await runCommand({ name: 'greet', help: HELP, run: () => 'Hello' })
 */
export async function runCommand<Options extends ParseArgsOptionsConfig>(
  command: Command<Options>,
): Promise<number> {
  // Whoever reads may have seen enough (`… | head`): that is no failure.
  process.stdout.on('error', endQuietly)
  try {
    return await print(await understand(command))
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    if (!(error instanceof UsageError)) return 1
    console.error(`See: npm run ${command.name} -- --help`)
    return 2
  }
}

async function understand<Options extends ParseArgsOptionsConfig>(
  command: Command<Options>,
): Promise<Output> {
  const { help, options = {} as Options, takes = 0, run } = command
  const { values, positionals } = readArguments(process.argv.slice(2), {
    ...options,
    ...HELP_OPTION,
  })
  if ('help' in values && values.help === true) return help
  const [unexpected] = positionals.slice(takes)
  if (unexpected !== undefined) throw new UsageError(`Unexpected argument '${unexpected}'`)
  return await run(values as Arguments<Options>['values'], positionals)
}

async function print(output: Output): Promise<number> {
  if (typeof output === 'number') return output
  if (typeof output === 'string') console.log(output)
  else for await (const line of output) await write(line)
  return 0
}

/** Waits until it is out, so that what is long is never all in memory. */
function write(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()))
}

/** Says something to whoever watches, and hands an exit status through. */
export function tell(text: string, status: number): number {
  console.error(text)
  return status
}

function endQuietly(error: Error): void {
  if ('code' in error && error.code === 'EPIPE') process.exit(0)
  throw error
}
