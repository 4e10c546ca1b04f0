/**
 * The service of `npm run deno`: the file that a server would run, with the
 * permissions that docs/deploy.md names, and a SQLite database.
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { loadCertificates } from '../../harness/index.ts'
import { parseConfig } from '../../src/config.ts'
import { openSqlite } from '../../src/platform/sqlite-d1.ts'
import { addDemoAccount } from '../dev/demo-account.ts'
import { answersBefore, HOST, type Stage } from '../dev/stage.ts'
import { tell } from '../run-command.ts'
import { blackOutTokens } from '../wrangler.ts'
import { runWith } from './permissions.ts'

const FOLDER = '.sparekey/deno'
const DATABASE = `${FOLDER}/sparekey.db`
const BUNDLE = '.sparekey/build/sparekey.mjs'

/** Serves until it is stopped, or until Deno has ended. */
export async function serveByDeno({ settings, port, stopped, announce }: Stage): Promise<number> {
  await mkdir(FOLDER, { recursive: true })
  await promisify(execFile)(process.execPath, ['build/deno.ts', BUNDLE])
  const deno = await startDeno(settings, port)
  try {
    const ended = Promise.race([stopped.then(() => 0), deno.ended.then((code) => code ?? 1)])
    if (await answersBefore(ended, port)) {
      await addDemo()
      announce()
    }
    return await ended
  } finally {
    deno.stop()
    await deno.ended
  }
}

async function startDeno(settings: Record<string, string>, port: number) {
  const { caFile } = await loadCertificates('.sparekey/certificates')
  const own = { ...settings, HOST, PORT: String(port), DATABASE }
  const args = [...runWith({ net: reach(settings, port), folder: FOLDER }), BUNDLE]
  const child = spawn('node_modules/deno/deno', args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...own, DENO_CERT: caFile, NO_COLOR: '1' },
    // A process group of its own: a Ctrl-C at the terminal reaches us, and we end it in order.
    detached: true,
  })
  createInterface({ input: child.stderr }).on('line', (line) => tell(blackOutTokens(line), 0))
  const ended = once(child, 'exit').then(([code]): number | null => code)
  return { ended, stop: () => child.kill('SIGTERM') }
}

/** Its own port, its mail server, and the range API when it asks one. */
function reach(settings: Record<string, string>, port: number): string[] {
  const result = parseConfig(settings)
  if (!result.ok) return []
  const { mail, pwnedPasswords } = result.config
  const rangeApi = pwnedPasswords === null ? [] : [hostAndPort(pwnedPasswords)]
  return [`${HOST}:${port}`, `${mail.host}:${mail.port}`, ...rangeApi]
}

function hostAndPort({ hostname, port, protocol }: URL): string {
  const usual = protocol === 'https:' ? '443' : '80'
  return `${hostname}:${port === '' ? usual : port}`
}

async function addDemo(): Promise<void> {
  using db = openSqlite(DATABASE)
  await addDemoAccount(db)
}
