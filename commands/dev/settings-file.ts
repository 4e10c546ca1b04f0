/**
 * Settings on their way into `wrangler dev`: by a file that only we can read,
 * since a command line is there for everybody to see.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

const FILE = '.sparekey/dev/settings.env'

export async function writeSettingsFile(settings: Record<string, string>): Promise<string> {
  await mkdir(dirname(FILE), { recursive: true })
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${quote(name, value)}`)
  await writeFile(FILE, `${lines.join('\n')}\n`, { mode: 0o600 })
  return FILE
}

export async function removeSettingsFile(): Promise<void> {
  await rm(FILE, { force: true })
}

/** dotenv has no escape for a quote within the same quotes, and expands `$` in every kind. */
function quote(name: string, value: string): string {
  const mark = [`'`, `"`, '`'].find((candidate) => !value.includes(candidate))
  if (mark === undefined) throw new RangeError(`${name} holds all three kinds of quotes`)
  return `${mark}${value.replaceAll('$', '\\$')}${mark}`
}
