/**
 * What processes take, as Linux tells in /proc: CPU time and memory. Clients and the
 * mail harness live in the bench's own process, so that nothing of them is in the
 * figures of workerd's.
 */
import { readdirSync, readFileSync } from 'node:fs'

/** In ticks of the clock in which /proc counts: USER_HZ is 100 on every Linux that Node runs on (proc_pid_stat(5)). */
const TICKS_PER_SECOND = 100

export class ProcessMeter {
  readonly #pids: readonly number[]

  private constructor(pids: readonly number[]) {
    this.#pids = pids
  }

  /** Of all processes below this one that run `command`. */
  static ofChildren(command: string): ProcessMeter {
    const processes = readProcesses()
    const isBelow = (pid: number): boolean => {
      const parent = processes.get(pid)?.parent ?? 0
      return parent === process.pid || (parent > 1 && isBelow(parent))
    }
    const pids = [...processes.keys()].filter(
      (pid) => processes.get(pid)?.command === command && isBelow(pid),
    )
    if (pids.length === 0) throw new Error(`Cannot measure ${command}: no such process`)
    return new ProcessMeter(pids)
  }

  /** CPU time so far, of all threads, in milliseconds; it comes in steps of ten. */
  get cpu(): number {
    return this.#sum((pid) => (statOf(pid).ticks * 1000) / TICKS_PER_SECOND)
  }

  /** Resident memory now, in bytes. */
  get memory(): number {
    return this.#sum((pid) => statusOf(pid, 'VmRSS'))
  }

  /** The most that was ever resident, in bytes. */
  get peakMemory(): number {
    return this.#sum((pid) => statusOf(pid, 'VmHWM'))
  }

  #sum(figure: (pid: number) => number): number {
    return this.#pids.reduce((sum, pid) => sum + figure(pid), 0)
  }
}

interface Stat {
  command: string
  parent: number
  /** User and system time, of children that have ended too. */
  ticks: number
}

function readProcesses(): Map<number, Stat> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return new Map(
    pids.flatMap((pid) => {
      try {
        return [[Number(pid), statOf(Number(pid))]]
      } catch {
        // It ended between the two looks.
        return []
      }
    }),
  )
}

/** proc_pid_stat(5): the command stands in parentheses and may hold anything. */
function statOf(pid: number): Stat {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const end = text.lastIndexOf(')')
  const fields = text.slice(end + 2).split(' ')
  const [parent, ...times] = [fields[1], ...fields.slice(11, 15)].map(Number)
  const ticks = times.reduce((sum, time) => sum + time, 0)
  return { command: text.slice(text.indexOf('(') + 1, end), parent: parent ?? 0, ticks }
}

/** In bytes. */
function statusOf(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1])
}
