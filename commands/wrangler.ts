/**
 * wrangler, the project's own, as a child process.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

const WRANGLER = 'node_modules/wrangler/bin/wrangler.js'
const quiet = {
  WRANGLER_SEND_METRICS: 'false',
  NO_COLOR: '1',
  WRANGLER_LOG: 'log',
  // Of no use to us, and a page of errors where there is no network.
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
}

export interface RunningWrangler {
  ended: Promise<number | null>
  /** Ends it and everything it started. */
  stop(): Promise<void>
}

/** In milliseconds: what wrangler gets to end by itself. */
const STOP_WITHIN = 3000

/**
 * Ends the group when whoever started it is gone: killed, we can end nothing any more,
 * and an orphan would hold the port. wrangler hands it on to the process that it starts.
 */
const END_WITH_PARENT = `--import=data:text/javascript,${encodeURIComponent(`
  const parent = process.ppid
  setInterval(() => process.ppid === parent || process.kill(0, 'SIGKILL'), 500).unref()`)}`

/** Starts `wrangler dev`; every line that it prints goes to `onLine`, with the tokens of links blacked out. */
export function startWranglerDev(
  args: string[],
  env: NodeJS.ProcessEnv,
  onLine: (line: string) => void,
) {
  const child = spawn(process.execPath, [END_WITH_PARENT, WRANGLER, 'dev', ...args], {
    env: { ...env, ...quiet },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own: a Ctrl-C at the terminal reaches us, and we end it in order.
    detached: true,
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  for (const stream of [child.stdout, child.stderr]) {
    readLines(stream, (line) => onLine(blackOutTokens(line)))
  }
  return { ended, stop: () => stop(child, ended) } satisfies RunningWrangler
}

/** A link's token is a password for half an hour; it has no place on a screen or in a log. */
export function blackOutTokens(line: string): string {
  return line.replace(/\b(reset_password|register)\/(?!sent\b)[^\s/?#"']{8,}/g, '$1/[token]')
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on('line', onLine)
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  signalGroup(child, 'SIGINT')
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_WITHIN)
  await ended
  clearTimeout(timer)
  signalGroup(child, 'SIGKILL')
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (error) {
    // The whole group is gone already, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
