/** Programs that come with Debian packages, and plain words where one is missing. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'

export const run = promisify(execFile)

/** Debian's own: another one would not find its packages. */
export const PYTHON = '/usr/bin/python3'
export const PACKAGES = '/usr/lib/python3/dist-packages'

/** Throws an error that says what to install, unless every program is there. */
export function requirePrograms(programs: Readonly<Record<string, string>>): void {
  const missing = Object.entries(programs).filter(([path]) => !existsSync(path))
  if (missing.length === 0) return
  const names = [...new Set(missing.map(([, name]) => name))].join(' ')
  const paths = missing.map(([path]) => path).join(', ')
  throw new Error(
    `Cannot run: ${paths} missing. Get it by: apt-get install --no-install-recommends ${names}`,
  )
}
