import { describe, expect } from 'vitest'
import { MessageTimeoutError } from '../../harness/index.ts'
import { test } from '../../harness/vitest.ts'
import { deliver } from './deliver.ts'
import { full } from '../full.ts'

/** Repeated to catch what happens once in a thousand times; FULL=1 does so at length. */
const repeats = full ? 19 : 0

describe.concurrent('fifty tests at once on one server', { repeats }, () => {
  test.for(Array.from({ length: 50 }, (_, n) => n))(
    '%i meets only its own mail and its own faults',
    async (n, { mail, inbox }) => {
      const times = (n % 3) + 1
      const fault = inbox.fail({
        at: n % 2 === 0 ? 'rcpt' : 'after-data',
        code: 450 + (n % 3),
        times,
      })
      for (let attempt = 0; attempt < times; attempt++) {
        await expect(deliver(mail, { to: inbox.address })).rejects.toThrow(String(450 + (n % 3)))
      }
      const waiting = inbox.next({ subject: `Number ${n}.` })
      await deliver(mail, {
        to: inbox.address,
        subject: `Number ${n}.`,
        text: `http://localhost/${n}`,
      })
      expect((await waiting).link()).toBe(`http://localhost/${n}`)
      expect(fault.hits).toBe(times)
      await expect(inbox.next({}, { timeout: 5 })).rejects.toThrow(MessageTimeoutError)
    },
  )
})
