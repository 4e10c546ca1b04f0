/**
 * The frame of a command that does one thing and prints what came of it.
 */

/** What was asked for is not a command: the usage is shown with it. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Prints what `work` returns; its exit status: 0 done, 1 failed, 2 not understood. */
export async function runCommand(help: string, work: () => Promise<string>): Promise<number> {
  try {
    const text = await work()
    if (text !== '') console.log(text)
    return 0
  } catch (error) {
    const misunderstood = error instanceof UsageError || isParseArgsError(error)
    console.error(error instanceof Error ? error.message : String(error))
    if (misunderstood) console.error(`\n${help}`)
    return misunderstood ? 2 : 1
  }
}

function isParseArgsError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')
}
