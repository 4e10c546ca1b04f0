/**
 * Settings as a command finds them: the environment, and `.dev.vars` for what
 * the environment does not say.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { type ConfigProblem, type Environment, SettingReader } from '../src/setting-reader.ts'

export const DEV_VARS = '.dev.vars'

/** The names a setting may have; nothing else of the environment is anybody's business. */
const SETTING =
  /^(?:MAIL_|LIMIT_|RESET_|PASSWORD_|SECRET_KEY|LEGACY_|APP_|EMAIL_(?:USER|PASS)$|PUBLIC_URL$|ADMINS$|PWNED_PASSWORDS$|REGISTRATION$|DEFAULT_LOCALE$|HEALTH_TOKEN$|COOKIE_PREFIX$)/

/** `.dev.vars` first, the environment over it. What is empty is not set. */
export async function readSettings(environment: Environment): Promise<Record<string, string>> {
  const file = existsSync(DEV_VARS) ? parseEnv(await readFile(DEV_VARS, 'utf8')) : {}
  const given = [...Object.entries(file), ...Object.entries(environment)]
  return Object.fromEntries(
    given.flatMap(([name, value]) => (SETTING.test(name) && value?.trim() ? [[name, value]] : [])),
  )
}

/** Makes a `SECRET_KEY` once and keeps it in `.dev.vars`, which git ignores. */
export async function ensureSecretKey(
  settings: Record<string, string>,
): Promise<Record<string, string>> {
  if (settings['SECRET_KEY'] !== undefined) return settings
  const key = randomBytes(32).toString('base64url')
  const line = `SECRET_KEY=${key}\n`
  if (existsSync(DEV_VARS)) await appendFile(DEV_VARS, `\n${line}`)
  else
    await writeFile(DEV_VARS, `# Settings for this machine only; git ignores this file.\n${line}`, {
      mode: 0o600,
    })
  return { ...settings, SECRET_KEY: key }
}

/** One line for each wrong setting, by name and never by value. */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  const lines = problems.map(({ name, problem }) => `  ${name} ${problem}`)
  return `Cannot start: ${problems.length === 1 ? 'a setting is' : 'settings are'} wrong\n${lines.join('\n')}`
}

/** What a port is when the environment does not say. */
const usualPorts = { PORT: 8787, SMTP_PORT: 1025, INBOX_PORT: 8025 }

export type Ports = typeof usualPorts

/** The ports that the environment names: 0 means any free one. */
export function readPorts(environment: Environment): {
  ports: Ports
  problems: readonly ConfigProblem[]
} {
  const reader = new SettingReader(environment)
  const read = (name: keyof Ports) =>
    reader.integer(name, { fallback: usualPorts[name], least: 0, most: 65535 })
  const ports = {
    PORT: read('PORT'),
    SMTP_PORT: read('SMTP_PORT'),
    INBOX_PORT: read('INBOX_PORT'),
  }
  return { ports, problems: reader.problems }
}

/** Servers that would take each other's port; 0 is another one each time. */
export function findSharedPorts(ports: Ports): ConfigProblem[] {
  const given = Object.entries(ports).filter(([, port]) => port !== 0)
  const owners = new Map(given.toReversed().map(([name, port]) => [port, name]))
  return given.flatMap(([name, port]) => {
    const owner = owners.get(port)
    return owner === name ? [] : [{ name, problem: `is the port of ${owner}, too` }]
  })
}
