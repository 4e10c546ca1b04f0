/**
 * Every journey that people make through the service, and the tests that make it.
 * The README's table is held to this list, and each run of them to both (table.ts).
 */
import type { Runtime } from './runtimes.ts'

export interface Journey {
  does: string
  /** Test files; of `test/package` the tests that say so by their names. */
  file: string
  /** How the names of its tests begin, by what they run on. */
  on?: Record<Runtime, string>
}

export const journeys: readonly Journey[] = [
  {
    does: 'register, log in, forget the password, get back in, log out',
    file: 'test/journeys/recovery.test.ts',
  },
  {
    does: 'what a mailed link can do, once, and what it cannot any more',
    file: 'test/journeys/link.test.ts',
  },
  { does: 'another language after a refused form', file: 'test/journeys/language.test.ts' },
  { does: 'mail while the mail server breaks off', file: 'test/journeys/mail-server-away.test.ts' },
  {
    does: 'by keyboard in a real browser, with scripts and without',
    file: 'test/browser/journey.test.ts',
  },
  { does: 'over JSON, by a token and by a cookie', file: 'test/http/api/journey.test.ts' },
  {
    does: 'every operation of the OpenAPI document, by whoever asks',
    file: 'test/http/api/openapi.test.ts',
  },
  { does: 'by a link that another app has mailed', file: 'test/journeys/legacy-link.test.ts' },
  { does: 'with a password that another app has hashed', file: 'test/journeys/old-hashes.test.ts' },
  { does: 'out of a Flask app', file: 'test/journeys/leaving-flask.test.ts' },
  {
    does: 'out of a database that the command has imported',
    file: 'test/journeys/imported-by-command.test.ts',
  },
  {
    does: 'mounted in another app, from the packed package',
    file: 'test/package/packed.test.ts',
    on: { workerd: 'in another app on Workers', Deno: 'in another app on Deno' },
  },
]

/** Which of a journey's tests run on a runtime, by their full names. */
export function isOn({ on }: Journey, runtime: Runtime, fullName: string): boolean {
  if (on !== undefined) return fullName.startsWith(on[runtime])
  return new RegExp(`\\b${runtime}\\b`).test(fullName)
}
