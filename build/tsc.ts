/** The TypeScript compiler, for whoever has other work beside it: on one core, which learns each type once. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './root.ts'

/** Compiles a project; rejects when the compiler complains, with its complaints as `stdout`. */
export async function runTsc(project: string, ...flags: string[]): Promise<void> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const args = [tsc, '--project', project, '--singleThreaded', '--pretty', 'false', ...flags]
  const env = { ...process.env, GOGC: '400' }
  await promisify(execFile)(process.execPath, args, { env })
}

/** What the compiler complains of in a project, one for each line. */
export async function complaintsOf(project: string, ...flags: string[]): Promise<string[]> {
  try {
    await runTsc(project, ...flags)
    return []
  } catch (error) {
    const { stdout } = error as { stdout?: string }
    if (!stdout) throw error
    return stdout.split('\n').filter((line) => line !== '')
  }
}
