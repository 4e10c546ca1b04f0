/**
 * A fresh clone, for commands as they are run: what git has of them, with the
 * packages that are installed here, and with their bundles, which are made once for all.
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'

/** What the first run of each command leaves. */
export const BUNDLES = '.sparekey/build'

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

/** Where wrangler keeps what is local. */
const STATE = '.wrangler/state/v3'

/**
 * What a process says as it ends: the most that was ever resident, in kB
 * (proc_pid_status(5)). What getrusage(2) says begins with the memory of whoever started it.
 */
const tellPeakMemory = encodeURIComponent(`process.on('exit', () => {
  const status = process.getBuiltinModule('node:fs').readFileSync('/proc/self/status', 'latin1')
  console.error('peak ' + /^VmHWM:\\s+(\\d+)/m.exec(status)[1])
})`)

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
    await copy(parts, path)
    await mkdir(join(path, dirname(BUNDLES)), { mode: 0o700 })
    await copy([BUNDLES], join(path, dirname(BUNDLES)))
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

  /** The same with settings, in ports of its own unless they name some. */
  serve(name: string, settings: Record<string, string> = {}) {
    const anyPorts = { PORT: '0', SMTP_PORT: '0', INBOX_PORT: '0' }
    const script = ['build/run.ts', `commands/${name}.ts`]
    return this.#spawn(process.execPath, script, { ...anyPorts, ...settings })
  }

  /** Runs a command to its end. */
  run(name: string, ...args: string[]): Promise<Ended> {
    return this.start(name, args).ended
  }

  /** The same with settings. */
  runWith(settings: Record<string, string>, name: string, ...args: string[]): Promise<Ended> {
    const script = ['build/run.ts', `commands/${name}.ts`]
    return this.#spawn(process.execPath, [...script, ...args], settings).ended
  }

  /** Runs a command to its end, and says how much memory its process had at most. */
  async measure(name: string, args: readonly string[]): Promise<Ended & { peakMemory: number }> {
    const ended = await this.start(name, args, [`--import=data:text/javascript,${tellPeakMemory}`])
      .ended
    const [line, kilobytes] = /^peak (\d+)\n/m.exec(ended.stderr) ?? []
    if (line === undefined) throw new Error(`Cannot measure ${name}: ${ended.stderr}`)
    return {
      ...ended,
      stderr: ended.stderr.replace(line, ''),
      peakMemory: Number(kilobytes) * 1024,
    }
  }

  /** Opens the local database as a file, the way its commands do. */
  database(): DatabaseSync {
    const folder = this.file(`${STATE}/d1/miniflare-D1DatabaseObject`)
    const [name, ...others] = readdirSync(folder).filter((file) =>
      /^[0-9a-f]{64}\.sqlite$/.test(file),
    )
    if (name === undefined || others.length > 0) throw new Error(`Not one database in ${folder}`)
    return new DatabaseSync(join(folder, name), { timeout: 5000 })
  }

  /** For `startApp`: the database of this clone's commands, as `npm run dev` has it open. */
  get storage() {
    const [, database = ''] =
      /^database_id = "(.*?)"/m.exec(readFileSync('wrangler.toml', 'utf8')) ?? []
    return { storage: this.file(`${STATE}/d1`), database }
  }

  /** As if there had never been one. */
  removeDatabase(): Promise<void> {
    return rm(this.file(STATE), { recursive: true, force: true })
  }

  /** Runs wrangler, the project's own, to its end. */
  wrangler(...args: string[]): Promise<Ended> {
    return this.#spawn(process.execPath, ['node_modules/wrangler/bin/wrangler.js', ...args]).ended
  }

  #spawn(program: string, args: readonly string[], settings: Record<string, string> = {}) {
    // Whoever runs the tests may be logged in to Cloudflare: no command is to find out.
    const { CLOUDFLARE_API_TOKEN: _, ...outer } = process.env
    const child = spawn(program, args, {
      cwd: this.path,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...outer, HOME: this.path, WRANGLER_SEND_METRICS: 'false', CI: 'true', ...settings },
      detached: true,
    })
    const printed = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text))
    const ended = once(child, 'close').then(([status]): Ended => ({ status, ...printed }))
    const signal = (name: NodeJS.Signals) => process.kill(-(child.pid ?? 0), name)
    return { child, printed, ended, signal }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What was killed may write a last file.
    rmSync(this.path, { recursive: true, force: true, maxRetries: 10 })
  }
}

/** A quarter of what Node's own takes for as many small files. */
async function copy(paths: readonly string[], folder: string): Promise<void> {
  await promisify(execFile)('cp', ['-R', ...paths, folder])
}
