/**
 * Reads settings one at a time, as text that is checked, and remembers what was
 * wrong: so that all problems are reported together.
 */
import type { Quota } from './account/limits.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** By the setting's name, and never by its value. */
export interface ConfigProblem {
  name: string
  problem: string
}

export class SettingReader {
  readonly problems: ConfigProblem[] = []
  readonly #env: Environment

  constructor(env: Environment) {
    this.#env = env
  }

  refuse(name: string, problem: string): null {
    this.problems.push({ name, problem })
    return null
  }

  /** Trimmed; undefined when missing or empty. */
  text(name: string): string | undefined {
    const value = this.#env[name]
    const text = typeof value === 'string' ? value.trim() : undefined
    if (text === undefined || text === '') return undefined
    if (!/[\u0000-\u001f\u007f]/.test(text)) return text
    this.refuse(name, 'holds a control character')
    return undefined
  }

  list(name: string): string[] {
    const parts = (this.text(name) ?? '').split(',').map((part) => part.trim())
    return parts.filter((part) => part !== '')
  }

  boolean(name: string): boolean {
    const value = parseBoolean(this.text(name) ?? '')
    if (value === undefined) this.refuse(name, 'must be true or false')
    return value ?? false
  }

  integer(name: string, { fallback, least, most = 1_000_000_000 }: IntegerRange): number {
    const text = this.text(name)
    if (text === undefined) return fallback
    const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN
    if (value >= least && value <= most) return value
    this.refuse(name, `must be a whole number from ${least} to ${most}`)
    return fallback
  }

  choice<const T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const text = this.text(name)
    if (text === undefined) return fallback
    const chosen = choices.find((choice) => choice === text.toLowerCase())
    if (chosen === undefined) this.refuse(name, `must be one of ${choices.join(', ')}`)
    return chosen ?? fallback
  }

  /** `COUNT`, or `COUNT/SECONDS`. There is no way to say "no limit". */
  quota(name: string, fallback: Quota): Quota {
    const text = this.text(name)
    if (text === undefined) return fallback
    const [, count, seconds] = /^([1-9]\d{0,8})(?:\/([1-9]\d{0,8}))?$/.exec(text) ?? []
    if (count === undefined) {
      this.refuse(name, 'must be COUNT or COUNT/SECONDS')
      return fallback
    }
    return {
      count: Number(count),
      seconds: seconds === undefined ? fallback.seconds : Number(seconds),
    }
  }
}

interface IntegerRange {
  fallback: number
  least: number
  most?: number
}

/** True, false, or undefined when the text says neither. */
export function parseBoolean(text: string): boolean | undefined {
  if (/^(?:1|true|yes|on)$/i.test(text)) return true
  return /^(?:0|false|no|off|)$/i.test(text) ? false : undefined
}
