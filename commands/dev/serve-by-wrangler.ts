/**
 * The service of `npm run dev`: on workerd, by `wrangler dev`, with the local D1.
 */
import { loadCertificates } from '../../harness/index.ts'
import { prepareLocalDatabase } from '../database.ts'
import { tell } from '../run-command.ts'
import { startWranglerDev } from '../wrangler.ts'
import { addDemoAccount } from './demo-account.ts'
import { removeSettingsFile, writeSettingsFile } from './settings-file.ts'
import { answersBefore, HOST, type Stage } from './stage.ts'

/** In milliseconds. `wrangler dev` never fires a cron trigger by itself. */
const SWEEP_EVERY = 15_000
/** Sweeps in a row that nobody answered; then workerd has died, and wrangler has not noticed. */
const MOST_UNANSWERED = 2

/** Serves until it is stopped, or until wrangler or workerd has ended. */
export async function serveByWrangler({
  settings,
  port,
  stopped,
  announce,
}: Stage): Promise<number> {
  tell('Preparing the local database …', 0)
  await addDemo()
  const { caFile } = await loadCertificates('.sparekey/certificates')
  const file = await writeSettingsFile(settings)
  const wrangler = startWranglerDev(
    [
      '--ip',
      HOST,
      '--port',
      String(port),
      '--env-file',
      file,
      '--inspector-port',
      '0',
      '--show-interactive-dev-session',
      'false',
    ],
    { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
    (line) => tell(line, 0),
  )
  try {
    const ended = Promise.race([stopped.then(() => 0), wrangler.ended.then((code) => code ?? 1)])
    const answers = await answersBefore(ended, port)
    if (!answers) return await ended
    announce()
    tell(
      `Scheduled work runs every ${SWEEP_EVERY / 1000} seconds, though wrangler says that it does not`,
      0,
    )
    return await sweepUntil(ended, port)
  } finally {
    await wrangler.stop()
    await removeSettingsFile()
  }
}

async function sweepUntil(ended: Promise<number>, port: number): Promise<number> {
  const ending = new AbortController()
  const { promise: died, resolve: die } = Promise.withResolvers<number>()
  let unanswered = 0
  const sweep = async () => {
    unanswered = (await runScheduled(port, ending.signal)) ? 0 : unanswered + 1
    if (unanswered >= MOST_UNANSWERED)
      die(tell('The service does not answer any more: start it again', 1))
  }
  void sweep()
  const timer = setInterval(() => void sweep(), SWEEP_EVERY)
  const code = await Promise.race([ended, died])
  clearInterval(timer)
  ending.abort()
  return code
}

async function addDemo(): Promise<void> {
  await using database = await prepareLocalDatabase()
  await addDemoAccount(database.db)
}

/** Whether the scheduled handler ran. */
async function runScheduled(port: number, signal: AbortSignal): Promise<boolean> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(SWEEP_EVERY)])
  try {
    return (await fetch(`http://${HOST}:${port}/cdn-cgi/handler/scheduled`, { signal: patience }))
      .ok
  } catch (error) {
    if (!signal.aborted) tell(`Cannot run the scheduled handler: ${String(error)}`, 0)
    return signal.aborted
  }
}
