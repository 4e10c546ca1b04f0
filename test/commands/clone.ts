/**
 * A fresh clone, for commands as they are run: what git has of them, with the
 * packages that are installed here.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const parts = [
  'src',
  'templates',
  'harness',
  'bench',
  'commands',
  'build',
  'package.json',
  'tsconfig.json',
  'wrangler.toml',
]

export interface Ended {
  /** Null when a signal ended it. */
  status: number | null
  stdout: string
  stderr: string
}

export type Started = ReturnType<Clone['start']>

export class Clone implements AsyncDisposable {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** `await using` removes it. */
  static async make(): Promise<Clone> {
    const path = await mkdtemp(join(tmpdir(), 'sparekey-clone-'))
    for (const part of parts) await cp(part, join(path, part), { recursive: true })
    await symlink(resolve('node_modules'), join(path, 'node_modules'))
    return new Clone(path)
  }

  /** The path of a file in it. */
  file(name: string): string {
    return join(this.path, name)
  }

  /** What `npm run NAME -- ARGS` starts, in a group of its own as a terminal does. */
  start(name: string, args: readonly string[] = [], nodeFlags: readonly string[] = []) {
    const script = ['build/run.ts', `commands/${name}.ts`]
    return this.#spawn(process.execPath, [...nodeFlags, ...script, ...args])
  }

  /** Runs a command to its end. */
  run(name: string, ...args: string[]): Promise<Ended> {
    return this.start(name, args).ended
  }

  /** Runs wrangler, the project's own, to its end. */
  wrangler(...args: string[]): Promise<Ended> {
    return this.#spawn(process.execPath, ['node_modules/wrangler/bin/wrangler.js', ...args]).ended
  }

  #spawn(program: string, args: readonly string[]) {
    const child = spawn(program, args, {
      cwd: this.path,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' },
      detached: true,
    })
    const printed = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text))
    const ended = once(child, 'close').then(([status]): Ended => ({ status, ...printed }))
    const signal = (name: NodeJS.Signals) => process.kill(-(child.pid ?? 0), name)
    return { child, printed, ended, signal }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.path, { recursive: true, force: true })
  }
}
