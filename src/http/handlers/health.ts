import { equalBytes, sha256 } from '../../account/encoding.ts'
import { version } from '../../version.ts'
import type { AppContext } from '../context.ts'

/** Public: whether it runs. With the token: also the outbox, which would tell strangers who has an account. */
export async function showHealth(c: AppContext) {
  const { services } = c.var
  const figures = await readFigures(c)
  if (figures === null) return c.json({ ok: false, version, database: 'away' }, 503)
  const open = await hasHealthToken(c, services.config.healthToken)
  return c.json({ ok: true, version, database: 'ok', ...(open && { outbox: figures }) })
}

async function readFigures(c: AppContext) {
  const { outboxFigures, log } = c.var.services
  try {
    return await outboxFigures()
  } catch (error) {
    log({ event: 'database-away', error: String(error) })
    return null
  }
}

async function hasHealthToken(c: AppContext, token: string | null): Promise<boolean> {
  const given = /^Bearer (.+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
  if (token === null || given === undefined) return false
  return equalBytes(await sha256(given), await sha256(token))
}
