/**
 * Reports to the operator: a mail to `ADMINS` when the service itself fails or
 * mails start to fail. One an hour for each kind of trouble, and no secret in it.
 */
import type { EmailAddress } from '../account/address.ts'
import type { LimitStore } from '../account/services.ts'
import { newId, type Random } from '../account/random.ts'
import type { Locale } from '../../templates/locales/index.ts'
import { withoutSecrets } from '../redact.ts'
import type { OutboxQueue } from './outbox.ts'

export type Trouble = 'request-failed' | 'mail-refused' | 'mail-waits'

export interface ReportServices {
  admins: readonly EmailAddress[]
  locale: Locale
  clock: () => number
  random: Random
  limits: LimitStore
  outbox: Pick<OutboxQueue, 'addReport'>
}

export type Report = (trouble: Trouble, detail: string) => Promise<void>

/** In seconds. Each kind of trouble is told once in this time, however often it happens. */
const EVERY = 3600

/** Reports by mail; does nothing when nobody is to be told. */
export function createReport(services: ReportServices): Report {
  const { admins, locale, clock, random, limits, outbox } = services
  return async function report(trouble, detail) {
    if (admins.length === 0) return
    const now = clock()
    const admission = await limits.count(
      { key: `report ${trouble}`, count: 1, seconds: EVERY },
      now,
    )
    if (!admission.ok) return
    const text = withoutSecrets(detail)
    for (const address of admins) {
      await outbox.addReport({ id: newId(random), address, locale, detail: text, now })
    }
  }
}
