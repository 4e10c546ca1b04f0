import { equalBytes, sha256 } from '../../account/encoding.ts'
import { describeFailure } from '../../redact.ts'
import { version } from '../../version.ts'
import type { AppContext } from '../context.ts'
import { DATABASE_AWAY } from './errors.tsx'

/**
 * Public: whether it runs. With the token: also the outbox, which would tell
 * strangers who has an account, and which is not even read for them.
 */
export async function showHealth(c: AppContext) {
  const { outboxFigures, checkDatabase, log } = c.var.services
  const knowsToken = await hasHealthToken(c)
  try {
    const more = knowsToken ? { outbox: await outboxFigures() } : await checkDatabase()
    return c.json({ ok: true, version, database: 'ok', ...more })
  } catch (error) {
    log({ event: 'database-away', ...describeFailure(error) })
    c.header('Retry-After', String(DATABASE_AWAY))
    return c.json({ ok: false, version, database: 'away' }, 503)
  }
}

/** Hashes are compared, so that neither the length nor the bytes of the token show in the time it takes. */
async function hasHealthToken(c: AppContext): Promise<boolean> {
  const { healthToken } = c.var.services.config
  const given = /^Bearer +(.+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
  if (healthToken === null || given === undefined) return false
  return equalBytes(await sha256(given), await sha256(healthToken))
}
