/**
 * Every `check:` script of package.json beside the others, as `npm test` has them
 * run: all go to their end, what each says is printed in one piece, and one that
 * fails makes the whole fail.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { root } from './root.ts'

/**
 * They share the cores, so each is kept to one: its threads would check the same
 * types again, and collect garbage four times as often.
 */
const ON_ONE_CORE = { GOMAXPROCS: '1', GOGC: '400' }

const running = new Set<ChildProcess>()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    for (const { pid } of running) if (pid !== undefined) process.kill(-pid, signal)
  })
}

const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as {
  scripts: Record<string, string>
}
const checks = Object.entries(scripts).filter(([name]) => name.startsWith('check:'))
if (checks.length === 0) throw new Error('Cannot check: package.json has no check: script')
const passed = await Promise.all(checks.map(([name, script]) => check(name, script)))
process.exitCode = passed.includes(false) ? 1 : 0

/** Whether it passes. */
async function check(name: string, script: string): Promise<boolean> {
  const path = [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter)
  const child = spawn(script, {
    shell: true,
    // A group of its own: a signal ends what the shell has started, too.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...ON_ONE_CORE, PATH: path },
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  }
  const [status] = await once(child, 'close')
  console.log(`${name} ${status === 0 ? 'passed' : 'FAILED'}\n${said.trim()}`.trim())
  return status === 0
}
