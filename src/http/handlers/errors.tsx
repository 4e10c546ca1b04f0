import { Overloaded } from '../../account/turn-queue.ts'
import { pages } from '../../../templates/pages/index.ts'
import { isDatabaseError } from '../../store/database-error.ts'
import { describeFailure } from '../../redact.ts'
import { confidedBy } from '../confided.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { renderOnce } from '../render-once.ts'

export function notFound(c: AppContext) {
  return refusalPage(c, new Refusal('not-found'))
}

/** Every throw ends here: refusals as what they are, everything else as our fault, in words that tell nothing. */
export async function onError(error: Error, c: AppContext) {
  const refusal = toRefusal(error)
  await noteFailure(c, error, refusal.kind)
  return refusalPage(c, refusal)
}

/** In seconds: when to try again. */
export const DATABASE_AWAY = 10

/** What an error is to whoever made the request. */
export function toRefusal(error: Error): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof Overloaded) return new Refusal('overloaded', error)
  if (isDatabaseError(error)) return new Refusal('unavailable', { retryAfter: DATABASE_AWAY })
  return new Refusal('broken')
}

async function refusalPage(c: AppContext, { kind, status, retryAfter }: Refusal) {
  const { view, services } = c.var
  if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter))
  const props = { view, kind, ...(retryAfter !== undefined && { retryAfter }) }
  const page = () => <services.pages.error {...props} />
  try {
    // How long a limit lasts is another number for everybody; the rest is the same, and cheap in a rush.
    if (kind === 'throttled') return await c.html(page(), status)
    return await renderOnce(c, `error ${kind} ${retryAfter}`, page, status)
  } catch (error) {
    services.log({ event: 'error-page-failed', ...describeFailure(error, confidedBy(c)) })
    return c.html(<pages.error {...props} />, status)
  }
}

/** What is nobody's doing but ours or the database's is told to the operator; a refusal costs no description. */
export async function noteFailure(c: AppContext, error: Error, kind: string): Promise<void> {
  if (kind === 'unavailable') c.var.services.log({ event: 'database-away', ...describe(error, c) })
  if (kind === 'broken') await tellOperator(c, describe(error, c))
}

/** A line in the log, and a mail to `ADMINS`; the person waits for neither to work. */
async function tellOperator(c: AppContext, failure: ReturnType<typeof describe>) {
  const { log, report } = c.var.services
  log({ event: 'request-failed', ...failure })
  const { method, route, error, message } = failure
  try {
    await report('request-failed', `${method} ${route} failed: ${error}: ${message}`)
  } catch (cause) {
    log({ event: 'report-failed', ...describeFailure(cause, confidedBy(c)) })
  }
}

/** The route's pattern, not its path, which may hold a token. */
function describe(error: Error, c: AppContext) {
  const { method, routePath: route } = c.req
  return { method, route, ...describeFailure(error, confidedBy(c)) }
}
