/**
 * Every query goes to D1's primary. Replicas are read through its Sessions API
 * alone (https://developers.cloudflare.com/d1/best-practices/read-replication/),
 * and what all tests of the service run on refuses that.
 */
import { expect, test } from 'vitest'
import { startMailServer } from '../../harness/index.ts'
import { startApp } from '../app.ts'
import { watchDatabase } from '../doors.ts'
import { askForReset, choosePassword, signUp } from '../journeys/steps.ts'

test('no replica is asked, from registering to choosing a new password', async () => {
  await using mail = await startMailServer()
  await using app = await startApp({ mail })
  const db = await app.miniflare.getD1Database('DB')
  const watched = watchDatabase(db, async () => {})
  expect(db.withSession('first-unconstrained')).toHaveProperty('prepare')
  expect(() => watched.withSession('first-unconstrained')).toThrow(/replica/)

  const inbox = mail.inbox()
  const browser = await signUp(app, inbox)
  expect((await browser.get('/account')).status).toBe(200)
  const link = await askForReset(app.visitor(), inbox)
  expect((await choosePassword(app.visitor(), link)).status).toBe(303)
  await app.sweep()
})
